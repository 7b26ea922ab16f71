// A form's fields, taken apart by the shapes of an operation: `Tags.member.1.Key=a` is the member Key of the first of Tags.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#request-serialization

import type { Members, Shape } from "../api/shapes";
import { AwsError } from "../aws-error";

/**
 * @returns the input with values as JSON has them; fields that no shape names stay under their own name, to be refused
 * @throws AwsError for a number or a boolean that is none
 */
export function readForm(members: Members, form: URLSearchParams, errorCode: string): Record<string, unknown> {
  const fields = new Map(form);
  const given = structureOf(members, "", fields, errorCode) ?? {};
  for (const [name, value] of fields) given[name] = value;
  return given;
}

/** Fields that have been read are taken out. */
type Fields = Map<string, string>;

function structureOf(members: Members, prefix: string, fields: Fields, errorCode: string) {
  const read: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(members)) {
    const value = readField(shape, prefix + name, fields, errorCode);
    if (value !== undefined) read[name] = value;
  }
  return prefix !== "" && Object.keys(read).length === 0 ? undefined : read;
}

function readField(shape: Shape, at: string, fields: Fields, errorCode: string): unknown {
  switch (shape.kind) {
    case "structure":
      return structureOf(shape.members, `${at}.`, fields, errorCode);
    case "list":
      return listOf(shape.of, at, fields, errorCode);
    case "map":
      return mapOf(shape.of, at, fields, errorCode);
    default: {
      const text = fields.get(at);
      fields.delete(at);
      return text === undefined ? undefined : scalarOf(shape.kind, text, at, errorCode);
    }
  }
}

function listOf(of: Shape, at: string, fields: Fields, errorCode: string): unknown[] | undefined {
  // An empty list is the list's own name without a value.
  const isEmpty = fields.get(at) === "" && fields.delete(at);
  const values: unknown[] = [];
  for (let index = 1; ; index++) {
    const value = readField(of, `${at}.member.${index}`, fields, errorCode);
    if (value === undefined) break;
    values.push(value);
  }
  return values.length === 0 && !isEmpty ? undefined : values;
}

function mapOf(of: Shape, at: string, fields: Fields, errorCode: string): Record<string, unknown> | undefined {
  const entries: [string, unknown][] = [];
  for (let index = 1; ; index++) {
    const key = fields.get(`${at}.entry.${index}.key`);
    if (key === undefined) break;
    fields.delete(`${at}.entry.${index}.key`);
    entries.push([key, readField(of, `${at}.entry.${index}.value`, fields, errorCode)]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A field's text, or a path's or query's, as the value that its shape means. */
export function scalarOf(kind: Shape["kind"], text: string, at: string, errorCode: string): unknown {
  if (kind === "number") {
    if (text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
    throw new AwsError(errorCode, `${at} must be a number (given "${text}")`);
  }
  if (kind === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw new AwsError(errorCode, `${at} must be true or false (given "${text}")`);
  }
  return text;
}
