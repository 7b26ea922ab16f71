// Reads what was given by the shapes of an operation: each member by name and kind, and none besides.

import { AwsError } from "../aws-error";
import type { InputOf, Members, Shape } from "./shapes";

/**
 * @param given after its protocol has taken it apart: JSON's values, with blobs as base64 or as bytes
 * @param errorCode what the service calls a wrong parameter: `ValidationException`
 * @returns the members that have a value; null counts as none, as on AWS
 * @throws AwsError that names the member, and what it may be
 */
export function readInput<M extends Members>(members: M, given: unknown, errorCode: string): InputOf<M> {
  const refuse = (message: string) => new AwsError(errorCode, message);
  return readStructure(members, given, "", refuse) as InputOf<M>;
}

type Refuse = (message: string) => AwsError;

function readStructure(members: Members, given: unknown, at: string, refuse: Refuse): Record<string, unknown> {
  if (!isRecord(given)) throw wrong(at, "an object", given, refuse);
  const path = (name: string) => (at === "" ? name : `${at}.${name}`);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(members, name));
  if (unknown !== undefined) throw refuse(`The embedded AWS does not know the parameter "${path(unknown)}"`);
  const read: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(members)) {
    const value = given[name];
    if (value !== undefined && value !== null) read[name] = readValue(shape, value, path(name), refuse);
    else if (shape.isRequired) throw refuse(`${path(name)} is missing`);
  }
  return read;
}

function readValue(shape: Shape, value: unknown, at: string, refuse: Refuse): unknown {
  switch (shape.kind) {
    case "document":
      return value;
    case "structure":
      return readStructure(shape.members, value, at, refuse);
    case "list":
      if (!Array.isArray(value)) throw wrong(at, "a list", value, refuse);
      if (shape.isEmpty && value.length > 0) throw wrong(at, "empty in the embedded AWS", value, refuse);
      return value.map((element, index) => readValue(shape.of, element, `${at}[${index}]`, refuse));
    case "map":
      if (!isRecord(value)) throw wrong(at, "a map", value, refuse);
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, readValue(shape.of, each, `${at}.${name}`, refuse)]),
      );
    case "blob":
      return readBlob(value, at, refuse);
    default: {
      if (typeof value !== shape.kind) throw wrong(at, `a ${shape.kind}`, value, refuse);
      const { allowed, min } = shape;
      if (min !== undefined && (value as number) < min) throw wrong(at, `${min} or more`, value, refuse);
      if (allowed !== undefined && !allowed.includes(value)) {
        const names = allowed.map((each) => (each === "" ? '""' : each)).join(", ");
        throw wrong(at, `${allowed.length > 1 ? "one of " : ""}${names}`, value, refuse);
      }
      return value;
    }
  }
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function readBlob(value: unknown, at: string, refuse: Refuse): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value !== "string" || value.length % 4 !== 0 || !BASE64.test(value)) {
    throw refuse(`${at} must be bytes in base64`);
  }
  return Buffer.from(value, "base64");
}

const MAX_SHOWN_CHARACTERS = 200;

function wrong(at: string, allowed: string, value: unknown, refuse: Refuse): AwsError {
  const shown = JSON.stringify(value) ?? String(value);
  const given = shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}…` : shown;
  return refuse(`${at === "" ? "The request" : at} must be ${allowed} (given ${given})`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
