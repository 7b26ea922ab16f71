// How deep documents may be: an attribute is at level 1, and nothing lies below level 32.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html

import type { AttributeValue } from "./types";

const MAX_LEVELS = 32;

export const TOO_DEEP =
  "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";

/** Whether an attribute's value goes deeper than DynamoDB lets it. */
export function isTooDeep(value: AttributeValue, level = 1): boolean {
  if (level > MAX_LEVELS) return true;
  const { L, M } = value as { L?: readonly AttributeValue[]; M?: Readonly<Record<string, AttributeValue>> };
  return (L ?? Object.values(M ?? {})).some((child) => isTooDeep(child, level + 1));
}
