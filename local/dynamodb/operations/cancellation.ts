// Why a transaction is not done: a reason for each of its items, in their order.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html

import { AwsError } from "../../aws-error";
import { SameItemTwice } from "./transaction-parts";

export interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

/** Nothing speaks against it, or nothing is known. */
export const NOTHING: Reason = { Code: "None" };

/** What becomes of one item, or what speaks against it; throws what speaks against the request as a whole. */
export function attempt<T>(work: () => T): { readonly value?: T; readonly reason: Reason } {
  try {
    return { value: work(), reason: NOTHING };
  } catch (error) {
    if (!(error instanceof AwsError) || error instanceof SameItemTwice) throw error;
    const { code, message: Message, fields } = error;
    if (code === "ConditionalCheckFailedException")
      return { reason: { Code: "ConditionalCheckFailed", Message, ...fields } };
    if (code === "ValidationException") return { reason: { Code: "ValidationError", Message } };
    throw error;
  }
}

export const cancelled = (reasons: readonly Reason[]) =>
  new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(", ")}]`,
    400,
    { CancellationReasons: reasons },
  );
