// The parameters of tables: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html

import { boolean, list, number, oneOf, only, required, string, structure } from "../../api/shapes";
import { STREAM_VIEW_TYPES } from "../types";

/** What CreateTable and UpdateTable take alike. */
export const SETTINGS = {
  /** Of types, dynalite judges. */
  AttributeDefinitions: list(structure({ AttributeName: required(string), AttributeType: required(string) })),
  BillingMode: oneOf("PROVISIONED", "PAY_PER_REQUEST"),
  ProvisionedThroughput: structure({ ReadCapacityUnits: required(number), WriteCapacityUnits: required(number) }),
  StreamSpecification: structure({ StreamEnabled: required(boolean), StreamViewType: oneOf(...STREAM_VIEW_TYPES) }),
  SSESpecification: structure({ Enabled: boolean, SSEType: only("KMS"), KMSMasterKeyId: string }),
  DeletionProtectionEnabled: boolean,
  TableClass: only("STANDARD"),
};

export const TAGS = list(structure({ Key: required(string), Value: required(string) }));

const KEY = required(list(structure({ AttributeName: required(string), KeyType: required(oneOf("HASH", "RANGE")) })));

const LOCAL_INDEX = {
  IndexName: required(string),
  KeySchema: KEY,
  Projection: required(
    structure({ ProjectionType: oneOf("ALL", "KEYS_ONLY", "INCLUDE"), NonKeyAttributes: list(string) }),
  ),
};

const GLOBAL_INDEX = { ...LOCAL_INDEX, ProvisionedThroughput: SETTINGS.ProvisionedThroughput };

/** Secondary indexes that a table has from its creation. */
export const INDEXES = {
  GlobalSecondaryIndexes: list(structure(GLOBAL_INDEX)),
  LocalSecondaryIndexes: list(structure(LOCAL_INDEX)),
};

/** Those that come and go later. */
export const INDEX_UPDATES = {
  GlobalSecondaryIndexUpdates: list(
    structure({
      Create: structure(GLOBAL_INDEX),
      Update: structure({
        IndexName: required(string),
        ProvisionedThroughput: required(SETTINGS.ProvisionedThroughput),
      }),
      Delete: structure({ IndexName: required(string) }),
    }),
  ),
};

/** A new table. */
export const TABLE = {
  ...SETTINGS,
  ...INDEXES,
  TableName: required(string),
  AttributeDefinitions: required(SETTINGS.AttributeDefinitions),
  KeySchema: KEY,
  Tags: TAGS,
};
