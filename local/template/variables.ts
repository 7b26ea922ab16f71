// The stack's variables: their values from outside or their defaults, checked as the stack demands.
// https://developer.hashicorp.com/terraform/language/values/variables

import { conditionBlocks, decide } from "./conditions";
import type { Reference } from "./expressions";
import type { Stack } from "./read-stack";
import { StackError } from "./stack-error";

/** The value of the variable that a reference means; throws a StackError where there is none. */
export const variableOf = (stack: Stack, values: Readonly<Record<string, unknown>>, { address }: Reference): unknown =>
  variableNamed(stack, values, address.slice("var.".length));

function variableNamed(stack: Stack, values: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!stack.variables.has(name)) throw new StackError(`\${var.${name}} is a variable that the stack does not declare`);
  const value = values[name] ?? stack.variables.get(name)?.default;
  if (value === undefined) throw new StackError(`The variable "${name}" has no default, and no value was given`);
  return value;
}

/** Throws a StackError with the stack's own message, and without the value, which may be a secret. */
export function checkVariables(stack: Stack, values: Readonly<Record<string, unknown>>): void {
  for (const [name, { validation = [] }] of stack.variables) {
    for (const { condition, error_message } of conditionBlocks(`var.${name}`, validation)) {
      const { isMet } = decide(`var.${name}`, condition, (other) => variableNamed(stack, values, other));
      if (!isMet) throw new StackError(`var.${name}: ${error_message}`);
    }
  }
}
