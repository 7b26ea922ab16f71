// Ephemeral variables, which Terraform keeps in no plan and no state: it takes them for write-only arguments alone.
// https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral

import { referencesOf } from "./expressions";
import type { Stack } from "./read-stack";
import { StackError } from "./stack-error";

/** By the AWS provider's naming: `value_wo`, `password_wo`. */
const isWriteOnly = (argument: string): boolean => argument.endsWith("_wo");

/** Throws a StackError for an ephemeral variable in an argument or output that Terraform would have to keep. */
export function checkEphemeral({ blocks, outputs, ephemeral }: Stack): void {
  const places = [
    ...blocks.flatMap(({ address, body }) =>
      Object.entries(body)
        .filter(([argument]) => !isWriteOnly(argument))
        .map(([argument, value]) => ({ place: `the argument "${argument}" of ${address}`, value })),
    ),
    ...Object.entries(outputs).map(([name, value]) => ({ place: `the output "${name}"`, value })),
  ];
  for (const { place, value } of places) {
    const reference = referencesOf(value).find(({ address }) => ephemeral.has(address));
    if (reference === undefined) continue;
    throw new StackError(
      `Ephemeral values are not valid for ${place}, because it is not write-only and would be kept (given \${${reference.address}})`,
    );
  }
}
