// Why a transaction is not done: a reason for each of its items, in their order.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html

import { AwsError } from "../../aws-error";
import { SameItemTwice } from "./transaction-parts";

export interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

/** What speaks against one item; throws what speaks against the request as a whole. */
export function reasonOf(error: unknown): Reason {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === "ConditionalCheckFailedException") {
    return { Code: "ConditionalCheckFailed", Message: error.message, ...error.fields };
  }
  if (error.code !== "ValidationException" || error instanceof SameItemTwice) throw error;
  return { Code: "ValidationError", Message: error.message };
}

export const cancelled = (reasons: readonly Reason[]) =>
  new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(", ")}]`,
    400,
    { CancellationReasons: reasons },
  );
