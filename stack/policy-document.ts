// Reads IAM documents of policies/ and puts the stack's values in the place of their named placeholders, such as
// `{{imagesBucketArn}}`. The files are plain JSON, so that reviewers and scanners read them as they are.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "./user-error";

const POLICIES = join(__dirname, "..", "policies");
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/**
 * The document as compact JSON.
 * @param name the file's name in policies/ without `.json`
 * @param values placeholder → value; each must be used, and each placeholder must have one
 * @param without the Sids of statements that are left out
 */
export function policyDocument(
  name: string,
  values: Readonly<Record<string, string>> = {},
  without: readonly string[] = [],
): string {
  const file = `policies/${name}.json`;
  const unused = new Set(Object.keys(values));

  function fill(placeholder: string, key: string): string {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value === undefined) {
      throw new UserError(
        `${file} has the placeholder "${placeholder}", which is not known here; known are: ${listed(Object.keys(values))}`,
      );
    }
    unused.delete(key);
    return value;
  }

  const whole = parse(file, readFileSync(join(POLICIES, `${name}.json`), "utf8"));
  const document = without.reduce((rest, sid) => withoutStatement(file, rest, sid), whole);
  const filled = JSON.stringify(document, (_key, value: unknown) =>
    typeof value === "string" ? escapeTemplate(value).replace(PLACEHOLDER, fill) : value,
  );
  if (unused.size > 0) throw new UserError(`${file} must use the placeholders ${listed([...unused])}, and does not`);
  return filled;
}

/** The statements of several documents in one. */
export function joinPolicies(...documents: readonly string[]): string {
  const parsed: { Statement: unknown[] }[] = documents.map((document) => JSON.parse(document));
  return JSON.stringify({ ...parsed[0], Statement: parsed.flatMap(({ Statement }) => Statement) });
}

interface Document {
  readonly Statement: readonly { readonly Sid?: string }[];
}

function parse(file: string, text: string): Document {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
}

function withoutStatement(file: string, document: Document, sid: string): Document {
  const Statement = document.Statement.filter(({ Sid }) => Sid !== sid);
  if (Statement.length === document.Statement.length) throw new UserError(`${file} must have a statement ${sid}`);
  return { ...document, Statement };
}

/** IAM's own variables, such as `${aws:username}`, are not for Terraform to replace. */
const escapeTemplate = (text: string): string => text.replace(/[$%](?=\{(?!\{))/g, (sign) => sign + sign);

const listed = (names: readonly string[]): string => names.map((name) => `{{${name}}}`).join(", ") || "none";
