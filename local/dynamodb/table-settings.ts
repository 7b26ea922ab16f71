// The members of a table's description that its settings make.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html

import type { Account } from "../account";
import type { InputOf } from "../api/shapes";
import { AwsError } from "../aws-error";
import type { SETTINGS } from "./operations/table-input";

type Settings = InputOf<typeof SETTINGS>;
type Capacity = Pick<Settings, "BillingMode" | "ProvisionedThroughput">;

/** How much a table takes at once, and since when it takes whatever comes. */
export function capacityOf({ BillingMode, ProvisionedThroughput: given }: Capacity, at: number) {
  const isOnDemand = BillingMode === "PAY_PER_REQUEST";
  return {
    ProvisionedThroughput: {
      NumberOfDecreasesToday: 0,
      ReadCapacityUnits: given?.ReadCapacityUnits ?? 0,
      WriteCapacityUnits: given?.WriteCapacityUnits ?? 0,
    },
    BillingModeSummary: isOnDemand
      ? { BillingMode: "PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime: at }
      : undefined,
  };
}

/** What a table says of its key: nothing, unless it is one of KMS. */
export function encryptionOf({ SSESpecification: given }: Pick<Settings, "SSESpecification">, account: Account) {
  if (!given?.Enabled) return {};
  const key = given.KMSMasterKeyId ?? "alias/aws/dynamodb";
  const KMSMasterKeyArn = key.startsWith("arn:") ? key : `arn:aws:kms:${account.region}:${account.accountId}:${key}`;
  return { SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn } };
}

/** What a stream that is asked for shows; undefined for none. */
export function viewTypeOf({ StreamSpecification: given }: Pick<Settings, "StreamSpecification">) {
  if (!given?.StreamEnabled) return undefined;
  if (given.StreamViewType !== undefined) return given.StreamViewType;
  throw new AwsError(
    "ValidationException",
    "One or more parameter values were invalid: StreamViewType is required when StreamEnabled is true",
  );
}
