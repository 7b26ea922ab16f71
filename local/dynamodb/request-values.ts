// The values in a request, before dynalite judges them: what it could not keep is refused, numbers are written as DynamoDB
// writes them.

import { AwsError } from "../aws-error";
import { canonicalNumber, NumberError, OVERFLOW, UNDERFLOW } from "./expressions/numbers";
import { TOO_DEEP } from "./nesting";

/** Levels of JSON that no request needs; the exact limit is of attribute values. */
const MAX_JSON_DEPTH = 2 * 32 + 8;

/** Refuses what would overflow dynalite's recursion, and the one name that its plain objects cannot hold. */
export function refuseUnkeepable(value: unknown, depth = 0): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > MAX_JSON_DEPTH) {
    throw new AwsError("ValidationException", TOO_DEEP);
  }
  if (Object.hasOwn(value, "__proto__")) {
    throw new AwsError("ValidationException", 'The embedded AWS cannot keep an attribute with the name "__proto__"');
  }
  for (const child of Object.values(value)) refuseUnkeepable(child, depth + 1);
}

/** Parameters that are null are absent, and gone by now; what is null inside lists and maps is not an attribute value. */
export function refuseNulls(value: unknown): void {
  if (value === null) {
    throw new AwsError(
      "ValidationException",
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    );
  }
  if (typeof value === "object") for (const child of Object.values(value)) refuseNulls(child);
}

/** Writes the numbers in a request as DynamoDB does, more of them than dynalite can read; it refuses the others. */
export function normalizeNumbers(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const parent = value as Record<string, unknown>;
  if (typeof parent.N === "string") parent.N = normalized(parent.N);
  if (Array.isArray(parent.NS)) parent.NS = parent.NS.map(normalized);
  for (const child of Object.values(parent)) normalizeNumbers(child);
}

/** Texts that dynalite refuses in the same words, where it would take the one that was given. */
const REFUSED_ALIKE: Readonly<Record<string, string>> = { [OVERFLOW]: "1e126", [UNDERFLOW]: "1e-131" };

function normalized(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return canonicalNumber(text);
  } catch (error) {
    if (!(error instanceof NumberError)) throw error;
    return REFUSED_ALIKE[error.message] ?? text;
  }
}
