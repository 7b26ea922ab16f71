// Terraform's string templates, as far as a synthesized stack needs them: references such as
// `${aws_s3_bucket.images.arn}`, `${data.aws_caller_identity.current.account_id}` and `${var.tinypng_key}`.
// https://developer.hashicorp.com/terraform/language/expressions/strings#interpolation

import { isRecord, StackError } from "./stack-error";

/** A reference inside `${…}`: the block (or `var`) and the attribute it reads. */
export interface Reference {
  /** `aws_s3_bucket.images`, `data.aws_region.current` or `var.tinypng_key`. */
  readonly address: string;
  /** Absent for variables. */
  readonly attribute?: string;
}

/** `$${` is Terraform's way to write `${` itself; the first alternative keeps it from being read as a template. */
const TEMPLATE = /\$\$\{|\$\{([^}]*)\}/g;
const NAME = "[A-Za-z_][A-Za-z0-9_-]*";
const REFERENCE = new RegExp(`^(?:(var\\.${NAME})|((?:data\\.)?${NAME}\\.${NAME})\\.(${NAME}))$`);

/** Every reference inside a value, however deep. */
export function referencesOf(value: unknown): Reference[] {
  if (typeof value === "string") {
    return [...value.matchAll(TEMPLATE)].flatMap(([, expression]) =>
      expression === undefined ? [] : [parseReference(expression)],
    );
  }
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  return isRecord(value) ? Object.values(value).flatMap(referencesOf) : [];
}

/** The value with every reference replaced; a string that is one reference alone keeps the type of what it refers to. */
export function resolve(value: unknown, lookup: (reference: Reference) => unknown): unknown {
  if (typeof value === "string") return resolveString(value, lookup);
  if (Array.isArray(value)) return value.map((element) => resolve(element, lookup));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, resolve(element, lookup)]));
}

function resolveString(text: string, lookup: (reference: Reference) => unknown): unknown {
  const whole = /^\$\{([^}]*)\}$/.exec(text)?.[1];
  if (whole !== undefined) return lookup(parseReference(whole));
  return text.replace(TEMPLATE, (_match, expression: string | undefined) =>
    expression === undefined ? "${" : String(lookup(parseReference(expression))),
  );
}

function parseReference(expression: string): Reference {
  const match = REFERENCE.exec(expression.trim());
  if (match === null) {
    throw new StackError(
      `The expression \${${expression}} is not known to the embedded AWS: only references to resources, data sources and variables are`,
    );
  }
  const [, variable, block, attribute] = match;
  return variable !== undefined ? { address: variable } : { address: block ?? "", attribute };
}
