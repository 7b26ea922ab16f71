// What an attribute's name must be.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html

import { ExpressionError } from "./tokens";

const MAX_BYTES = 65_535;

/** Refuses a name; `message` puts the problem into words for where the name stands. */
export function checkName(name: string, message: (problem: string) => string): void {
  if (name === "") throw new ExpressionError(message("Empty attribute name"));
  if (Buffer.byteLength(name) > MAX_BYTES) {
    throw new ExpressionError(message(`Attribute name is too large, must be less than ${MAX_BYTES + 1} bytes`));
  }
}
