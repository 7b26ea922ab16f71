// Postconditions: what a stack demands of something that is there already, such as a table with the right stream. One form
// is known, `${self.attribute == "text"}`; another is refused rather than passed over.
// https://developer.hashicorp.com/terraform/language/expressions/custom-conditions#preconditions-and-postconditions

import type { Block } from "./read-stack";
import { isRecord, StackError } from "./stack-error";

const EQUALITY = /^\$\{self\.(\w+) == "([^"]*)"\}$/;

/** Throws a StackError with the postcondition's own message when an attribute is not what it must be. */
export function checkPostconditions(
  { address, lifecycle }: Block,
  attributes: Readonly<Record<string, unknown>>,
): void {
  const { postcondition = [] } = lifecycle;
  for (const each of Array.isArray(postcondition) ? postcondition : [postcondition]) {
    if (!isRecord(each)) throw new StackError(`${address}: a postcondition is not a block`);
    const [, attribute, expected] = EQUALITY.exec(String(each.condition)) ?? [];
    if (attribute === undefined) {
      throw new StackError(`${address}: the postcondition ${each.condition} is not known to the embedded AWS`);
    }
    if (String(attributes[attribute] ?? "") === expected) continue;
    const given = JSON.stringify(attributes[attribute] ?? null);
    throw new StackError(`${address}: ${each.error_message} (${attribute} is ${given})`);
  }
}
