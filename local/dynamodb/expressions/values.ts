// How DynamoDB compares attribute values: numbers by value, strings by their UTF-8 bytes, binaries by their bytes, sets
// without regard to order, lists and maps member by member.

import type { AttributeValue } from "../types";
import { compareNumbers } from "./numbers";

/** The type of a value, such as `S`. */
export const typeOf = (value: AttributeValue): string => Object.keys(value)[0] ?? "";

/** The content of a value, whatever its type. */
const contentOf = (value: AttributeValue): unknown => value[typeOf(value)];

/** The members of a set, or none. */
export const membersOf = (value: AttributeValue): readonly string[] => contentOf(value) as readonly string[];

export const isSet = (type: string): boolean => type === "SS" || type === "NS" || type === "BS";

/** Whether two values are equal; values of different types never are. */
export function isEqual(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  const [one, other] = [contentOf(a), contentOf(b)];
  if (type === "N") return compareNumbers(one as string, other as string) === 0;
  if (isSet(type)) return isSameSet(one as string[], other as string[]);
  if (type === "L") return isSameList(one as AttributeValue[], other as AttributeValue[]);
  if (type === "M") return isSameMap(one as Entries, other as Entries);
  return one === other;
}

type Entries = Readonly<Record<string, AttributeValue>>;

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const members = new Set(b);
  return a.length === members.size && a.every((each) => members.has(each));
}

const isSameList = (a: readonly AttributeValue[], b: readonly AttributeValue[]): boolean =>
  a.length === b.length && a.every((each, index) => isEqual(each, b[index] as AttributeValue));

function isSameMap(a: Entries, b: Entries): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isEqual(a[name] as AttributeValue, b[name] as AttributeValue))
  );
}

/** Negative, 0 or positive; undefined for values that have no order between them. */
export function compare(a: AttributeValue, b: AttributeValue): number | undefined {
  const type = typeOf(a);
  if (type !== typeOf(b)) return undefined;
  if (type === "N") return compareNumbers(contentOf(a) as string, contentOf(b) as string);
  return isBytes(type) ? Buffer.compare(bytesOf(a), bytesOf(b)) : undefined;
}

const isBytes = (type: string): boolean => type === "S" || type === "B";

const bytesOf = (value: AttributeValue): Buffer =>
  Buffer.from(contentOf(value) as string, typeOf(value) === "B" ? "base64" : "utf8");

/** Whether a string or binary starts with another of its type. */
export function beginsWith(value: AttributeValue, start: AttributeValue): boolean {
  if (typeOf(value) !== typeOf(start) || !isBytes(typeOf(value))) return false;
  const prefix = bytesOf(start);
  return bytesOf(value).subarray(0, prefix.length).equals(prefix);
}

/** Whether a string or binary has a part, or a set or list a member, that equals the other. */
export function contains(value: AttributeValue, part: AttributeValue): boolean {
  const type = typeOf(value);
  if (isBytes(type)) return type === typeOf(part) && bytesOf(value).includes(bytesOf(part));
  if (type === "L") return (contentOf(value) as AttributeValue[]).some((each) => isEqual(each, part));
  return isSet(type) && type === `${typeOf(part)}S` && membersOf(value).includes(contentOf(part) as string);
}

/** What the function `size` returns; undefined for values that have none. */
export function sizeOf(value: AttributeValue): number | undefined {
  const type = typeOf(value);
  const content = contentOf(value);
  if (type === "S") return (content as string).length;
  if (type === "B") return bytesOf(value).length;
  if (type === "M") return Object.keys(content as Entries).length;
  return type === "L" || isSet(type) ? (content as unknown[]).length : undefined;
}
