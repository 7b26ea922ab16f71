// The policy of a browser's upload: what the one who signed it allows the form to say:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html

import { AwsError } from "../aws-error";
import { accessDenied } from "./errors";

export interface PostPolicy {
  readonly minSize: number;
  readonly maxSize: number;
}

type Condition =
  | { readonly kind: "eq" | "starts-with"; readonly field: string; readonly value: string; readonly source: unknown }
  | { readonly kind: "content-length-range"; readonly min: number; readonly max: number };

/** Fields that no condition needs to name. */
const FREE_FIELDS = /^(policy|x-amz-signature|awsaccesskeyid|signature|file|x-ignore-.*)$/;

/**
 * Checks every field of a form against its policy.
 * @param policy as sent: base64 of a JSON document
 * @param fields the form's fields by lower-case name, with the final key, and the bucket
 * @returns the sizes that the file may have
 */
export function checkPostPolicy(policy: string, fields: ReadonlyMap<string, string>): PostPolicy {
  const { expiration, conditions } = parsePolicy(policy);
  if (expiration <= Date.now()) throw accessDenied("Invalid according to Policy: Policy expired.");
  for (const condition of conditions) {
    if (condition.kind === "content-length-range" || holds(condition, fields.get(condition.field))) continue;
    throw accessDenied(`Invalid according to Policy: Policy Condition failed: ${JSON.stringify(condition.source)}`);
  }
  const named = new Set(conditions.map((condition) => ("field" in condition ? condition.field : "")));
  const extra = [...fields.keys()].filter(
    (field) => field !== "bucket" && !FREE_FIELDS.test(field) && !named.has(field),
  );
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
  const time = typeof expiration === "string" ? Date.parse(expiration) : Number.NaN;
  if (expiration === undefined) throw invalidPolicy("Policy missing expiration.");
  if (Number.isNaN(time)) throw invalidPolicy(`Invalid 'expiration' value: '${expiration}'`);
  if (!Array.isArray(conditions)) throw invalidPolicy("Policy missing conditions.");
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw invalidPolicy(`Unexpected: '${name}'`);
  return { expiration: time, conditions: conditions.flatMap(parseCondition) };
}

function parseCondition(source: unknown): Condition[] {
  if (Array.isArray(source)) {
    const [operator, first, second] = source;
    const kind = typeof operator === "string" ? operator.toLowerCase() : "";
    if (kind === "content-length-range" && source.length === 3) {
      const [min, max] = [Number(first), Number(second)];
      if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) throw invalidCondition(source);
      return [{ kind, min, max }];
    }
    const isKnown = (kind === "eq" || kind === "starts-with") && source.length === 3;
    if (!isKnown || typeof first !== "string" || !first.startsWith("$") || typeof second !== "string") {
      throw invalidCondition(source);
    }
    return [{ kind, field: first.slice(1).toLowerCase(), value: second, source }];
  }
  if (typeof source !== "object" || source === null) throw invalidCondition(source);
  return Object.entries(source).map(([field, value]) => {
    if (typeof value !== "string") throw invalidCondition(source);
    return { kind: "eq", field: field.toLowerCase(), value, source: ["eq", `$${field}`, value] };
  });
}

const invalidCondition = (source: unknown) => invalidPolicy(`Invalid Condition: ${JSON.stringify(source)}`);

const invalidPolicy = (detail: string) => new AwsError("InvalidPolicyDocument", `Invalid Policy: ${detail}`, 400);
