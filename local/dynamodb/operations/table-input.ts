// The parameters of tables: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html

import { boolean, list, none, number, oneOf, only, required, string, structure } from "../../api/shapes";
import { STREAM_VIEW_TYPES } from "../types";

/** What CreateTable and UpdateTable take alike. */
export const SETTINGS = {
  AttributeDefinitions: list(
    structure({ AttributeName: required(string), AttributeType: required(oneOf("S", "N", "B")) }),
  ),
  BillingMode: oneOf("PROVISIONED", "PAY_PER_REQUEST"),
  ProvisionedThroughput: structure({ ReadCapacityUnits: required(number), WriteCapacityUnits: required(number) }),
  StreamSpecification: structure({ StreamEnabled: required(boolean), StreamViewType: oneOf(...STREAM_VIEW_TYPES) }),
  SSESpecification: structure({ Enabled: boolean, SSEType: only("KMS"), KMSMasterKeyId: string }),
  DeletionProtectionEnabled: boolean,
  TableClass: only("STANDARD"),
};

export const TAGS = list(structure({ Key: required(string), Value: required(string) }));

/** A new table. */
export const TABLE = {
  ...SETTINGS,
  TableName: required(string),
  AttributeDefinitions: required(SETTINGS.AttributeDefinitions),
  KeySchema: required(list(structure({ AttributeName: required(string), KeyType: required(oneOf("HASH", "RANGE")) }))),
  Tags: TAGS,
};

/** Indexes are not played; an empty list of them is the same as none. */
export const NO_INDEXES = { GlobalSecondaryIndexes: none, LocalSecondaryIndexes: none };
