// Postconditions: what a stack demands of something that is there already, such as a table with the right stream.
// https://developer.hashicorp.com/terraform/language/expressions/custom-conditions#preconditions-and-postconditions

import { conditionBlocks, decide } from "./conditions";
import type { Block } from "./read-stack";
import { StackError } from "./stack-error";

/** Throws a StackError with the postcondition's own message when an attribute is not what it must be. */
export function checkPostconditions(
  { address, lifecycle }: Block,
  attributes: Readonly<Record<string, unknown>>,
): void {
  for (const { condition, error_message } of conditionBlocks(address, lifecycle.postcondition ?? [])) {
    const { isMet, name } = decide(address, condition, (attribute) => attributes[attribute]);
    if (isMet) continue;
    throw new StackError(`${address}: ${error_message} (${name} is ${JSON.stringify(attributes[name] ?? null)})`);
  }
}
