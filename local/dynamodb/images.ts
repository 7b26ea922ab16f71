// Items as DynamoDB measures and compares them: their size in bytes, whether a write changed anything, and the parts of
// them that a stream record shows.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html

import type { AttributeValue, Item, StreamViewType } from "./types";

/** 400 KB. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const MAX_ITEM_BYTES = 400 * 1024;

const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/** Bytes of an item: its attribute names and values in UTF-8. */
export function sizeOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value), 0);
}

function sizeOfValue(value: AttributeValue): number {
  const [type, content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case "S":
      return Buffer.byteLength(content as string);
    case "N":
      return sizeOfNumber(content as string);
    case "B":
      return Buffer.byteLength(content as string, "base64");
    case "SS":
    case "NS":
    case "BS":
      return (content as string[]).reduce((sum, each) => sum + sizeOfValue({ [type.charAt(0)]: each }), 0);
    case "L":
      return (content as AttributeValue[]).reduce(
        (sum, each) => sum + ELEMENT_BYTES + sizeOfValue(each),
        CONTAINER_BYTES,
      );
    case "M":
      return CONTAINER_BYTES + sizeOf(content as Item) + ELEMENT_BYTES * Object.keys(content as Item).length;
    default:
      return 1; // BOOL and NULL
  }
}

/** A byte for two significant digits, one more, and one for a minus sign. */
function sizeOfNumber(text: string): number {
  const digits = text.replace(/e.*$/i, "").replace(/\D/g, "").replace(/^0+/, "");
  const significant = text.includes(".") ? digits : digits.replace(/0+$/, "");
  return 1 + Math.ceil(significant.length / 2) + (text.startsWith("-") ? 1 : 0);
}

/** Whether two items are the same to DynamoDB: the order of attributes and of set members means nothing. */
export function isSame(a: Item | undefined, b: Item | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(ordered(a)) === JSON.stringify(ordered(b)));
}

const SETS = ["SS", "NS", "BS"];

/** The item's JSON with object members and sets sorted. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, content]) => [
    name,
    SETS.includes(name) && isListOfStrings(content) ? [...content].sort() : ordered(content),
  ]);
  return entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** A set's members are strings; a map's attribute that happens to be called SS holds an attribute value. */
const isListOfStrings = (content: unknown): content is string[] =>
  Array.isArray(content) && content.every((each) => typeof each === "string");

/** The key attributes of an item. */
export function keysOf(item: Item, keyNames: readonly string[]): Item {
  return Object.fromEntries(keyNames.map((name) => [name, item[name] ?? {}]));
}

/** The images that a stream of this view type shows. */
export function imagesOf(
  view: StreamViewType,
  oldItem: Item | undefined,
  newItem: Item | undefined,
): { NewImage?: Item; OldImage?: Item } {
  const shows = (image: "NEW" | "OLD") => view === "NEW_AND_OLD_IMAGES" || view === `${image}_IMAGE`;
  return {
    ...(newItem !== undefined && shows("NEW") ? { NewImage: newItem } : {}),
    ...(oldItem !== undefined && shows("OLD") ? { OldImage: oldItem } : {}),
  };
}
