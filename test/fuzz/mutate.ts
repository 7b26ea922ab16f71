// Spoils what was right: values of a JSON document, bytes of a text, and where a message ends.

import type { Random } from "./random";

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  0.1,
  "",
  " ",
  "\u0000",
  "\ud800",
  "__proto__",
  "constructor",
  "ß😀\u202e",
  "9".repeat(400),
  "a".repeat(3000),
  "arn:aws:",
  [],
  [[]],
  [null],
  {},
  { S: "x" },
  { N: "NaN" },
  { N: "1e999" },
  { B: "%" },
  { M: { "": { NULL: false } } },
  { SS: [] },
  { NS: ["1", "1"] },
  { L: [{}] },
  { S: "x", N: "1" },
];

/** A JSON document with some of its members replaced, removed, renamed or added; `share` is about how many. */
export function mutateJson(random: Random, value: unknown, share: number, depth = 0): unknown {
  if (depth > 0 && random.chance(share)) return random.pick(ODD_VALUES);
  if (Array.isArray(value)) {
    const kept = value.filter(() => !random.chance(share / 2));
    const items = kept.map((item) => mutateJson(random, item, share, depth + 1));
    return random.chance(share / 2) ? Array.from({ length: 120 }, () => items[0]) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value)
    .filter(() => !random.chance(share / 2))
    .map(([name, member]) => [
      random.chance(share / 4) ? random.pick(["__proto__", "", "toString", random.word(5)]) : name,
      mutateJson(random, member, share, depth + 1),
    ]);
  if (random.chance(share / 2)) members.push([random.pick(["constructor", "Extra"]), random.pick(ODD_VALUES)]);
  return Object.fromEntries(members);
}

/** A text as bytes that are no longer quite that text. */
export function mutateText(random: Random, text: string): Buffer {
  const bytes = Buffer.from(text);
  switch (random.below(8)) {
    case 0:
      return bytes.subarray(0, random.below(bytes.length + 1));
    case 1:
      return Buffer.concat([bytes, random.bytes(random.below(20))]);
    case 2: {
      for (let flips = 1 + random.below(4); flips > 0 && bytes.length > 0; flips -= 1) {
        bytes[random.below(bytes.length)] = random.below(256);
      }
      return bytes;
    }
    case 3: {
      const at = random.below(bytes.length + 1);
      const insert = random.pick([
        "\u0000",
        "<",
        ">",
        "&",
        "&#0;",
        "]]>",
        '"',
        "\r\n",
        "{",
        "}",
        "[[[[",
        "\ufeff",
        "%",
      ]);
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(insert), bytes.subarray(at)]);
    }
    case 4: {
      const from = random.below(bytes.length + 1);
      const piece = bytes.subarray(from, from + random.below(60));
      return Buffer.concat([bytes.subarray(0, from), piece, piece, bytes.subarray(from)]);
    }
    case 5: {
      const from = random.below(bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(20))]);
    }
    default:
      return bytes;
  }
}

/** A document so deep that a careless reader runs out of stack. */
export function deepText(random: Random): string {
  const depth = 1000 + random.below(20_000);
  return random.pick([
    "[".repeat(depth),
    `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
    `${"<a>".repeat(depth)}${"</a>".repeat(depth)}`,
    `<Delete>${"<Object><Key>".repeat(depth)}`,
    `{"Item":{"id":${'{"L":['.repeat(depth)}{"N":"1"}${"]}".repeat(depth)}}}`,
  ]);
}
