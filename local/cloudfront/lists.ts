// Lists in CloudFront's API: the items, and how many they are.

import { list, none, number, only, required, type Shape, structure } from "../api/shapes";
import { AwsError } from "../aws-error";

export const listOf = <T>(of: Shape<T>) => structure({ Quantity: required(number), Items: list(of) });

/** A list that must be empty: what it would hold is not emulated. */
export const NO_ITEMS = structure({ Quantity: required(only(0)), Items: none });

/** @throws AwsError for a list, however deep, whose number of items is another than it says */
export function checkQuantities(given: unknown, at: string): void {
  if (typeof given !== "object" || given === null) return;
  const { Quantity, Items = [] } = given as { readonly Quantity?: number; readonly Items?: readonly unknown[] };
  if (Quantity !== undefined && Quantity !== Items.length) {
    const message = `${at}: the value of Quantity and the size of Items do not match (given ${Quantity} and ${Items.length})`;
    throw new AwsError("InconsistentQuantities", message, 400);
  }
  for (const [name, each] of Object.entries(given)) checkQuantities(each, `${at}.${name}`);
}
