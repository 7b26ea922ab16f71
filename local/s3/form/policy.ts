// The policy of a browser's upload: what the one who signed it allows the form to say:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html

import { AwsError } from "../../aws-error";
import { isDay } from "../../calendar";
import { accessDenied } from "../errors";

export interface PostPolicy {
  readonly minSize: number;
  readonly maxSize: number;
}

type Condition =
  | {
      readonly kind: "eq" | "starts-with";
      readonly field: string;
      readonly value: string;
      readonly source: readonly unknown[];
    }
  | { readonly kind: "content-length-range"; readonly min: number; readonly max: number };

/** The one form that S3 reads, in UTC: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html */
const EXPIRATION = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,3})?Z$/;

/** Fields that no condition needs to name. */
const FREE_FIELDS = /^(policy|x-amz-signature|file|x-ignore-.*)$/;

/**
 * Checks every field of a form against its policy.
 * @param policy as sent: base64 of a JSON document
 * @param fields the form's fields by lower-case name, with the final key
 * @param bucket the bucket that the form is sent to, which a form need not name
 * @returns the sizes that the file may have
 */
export function checkPostPolicy(policy: string, fields: ReadonlyMap<string, string>, bucket: string): PostPolicy {
  const { expiration, conditions } = parsePolicy(policy);
  if (expiration <= Date.now()) throw accessDenied("Invalid according to Policy: Policy expired.");
  for (const condition of conditions) {
    if (condition.kind === "content-length-range") continue;
    const given = condition.field === "bucket" ? bucket : fields.get(condition.field);
    if (!holds(condition, given)) throw conditionFailed(condition.source);
  }
  const named = new Set(conditions.map((condition) => ("field" in condition ? condition.field : "")));
  const extra = [...fields.keys()].filter((field) => !FREE_FIELDS.test(field) && !named.has(field));
  if (extra.length > 0) throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra.join(", ")}`);
  const ranges = conditions.filter((condition) => condition.kind === "content-length-range");
  return {
    minSize: Math.max(0, ...ranges.map(({ min }) => min)),
    maxSize: Math.min(Number.MAX_SAFE_INTEGER, ...ranges.map(({ max }) => max)),
  };
}

function holds({ kind, field, value }: Extract<Condition, { field: string }>, given = ""): boolean {
  if (kind === "eq") return given === value;
  // A list of content types must fit as a whole.
  const parts = field === "content-type" ? given.split(",").map((part) => part.trim()) : [given];
  return parts.every((part) => part.startsWith(value));
}

function parsePolicy(policy: string): { expiration: number; conditions: Condition[] } {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(policy, "base64").toString());
  } catch {
    throw invalidPolicy("Invalid JSON.");
  }
  if (typeof document !== "object" || document === null) throw invalidPolicy("Invalid JSON.");
  const { expiration, conditions, ...unknown } = document as Record<string, unknown>;
  if (expiration === undefined) throw invalidPolicy("Policy missing expiration.");
  const time = readExpiration(expiration);
  if (!Array.isArray(conditions)) throw invalidPolicy("Policy missing conditions.");
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw invalidPolicy(`Unexpected: '${name}'`);
  return { expiration: time, conditions: conditions.map(parseCondition) };
}

function readExpiration(expiration: unknown): number {
  const [text = "", day = ""] = EXPIRATION.exec(String(expiration)) ?? [];
  const time = isDay(day) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalidPolicy(`Invalid 'expiration' value: '${expiration}'`);
  return time;
}

function parseCondition(source: unknown): Condition {
  if (Array.isArray(source)) {
    const [operator, first, second] = source;
    const kind = typeof operator === "string" ? operator.toLowerCase() : "";
    if (kind === "content-length-range" && source.length === 3) {
      return { kind, min: readSize(first, source), max: readSize(second, source) };
    }
    const isKnown = (kind === "eq" || kind === "starts-with") && source.length === 3;
    if (!isKnown || typeof first !== "string" || !first.startsWith("$") || typeof second !== "string") {
      throw invalidCondition(source);
    }
    return { kind, field: first.slice(1).toLowerCase(), value: second, source };
  }
  if (typeof source !== "object" || source === null) throw invalidCondition(source);
  const [property, ...others] = Object.entries(source);
  if (property === undefined || others.length > 0) {
    throw invalidPolicy("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
  }
  const [field, value] = property;
  if (typeof value !== "string") throw invalidPolicy("Invalid Simple-Condition: value must be a string.");
  return { kind: "eq", field: field.toLowerCase(), value, source: ["eq", `$${field}`, value] };
}

/** Bytes, as a number or its digits; other text is a condition that nothing meets. */
function readSize(bytes: unknown, source: readonly unknown[]): number {
  if (typeof bytes === "string" && !/^\d{1,15}$/.test(bytes)) throw conditionFailed(source);
  if (typeof bytes !== "string" && !(Number.isSafeInteger(bytes) && Number(bytes) >= 0)) throw invalidCondition(source);
  return Number(bytes);
}

/** The refusal of a form that does not meet a condition, which is shown as a list. */
export const conditionFailed = (condition: readonly unknown[]) =>
  accessDenied(
    `Invalid according to Policy: Policy Condition failed: [${condition.map((part) => JSON.stringify(part)).join(", ")}]`,
  );

const invalidCondition = (source: unknown) => invalidPolicy(`Invalid Condition: ${JSON.stringify(source)}`);

const invalidPolicy = (detail: string) => new AwsError("InvalidPolicyDocument", `Invalid Policy: ${detail}`, 400);
