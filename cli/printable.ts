// Text from outside, such as a photo's name, as a terminal may show it.

/**
 * What a terminal would obey instead of showing it: control characters (ESC among them), the marks that turn the
 * direction of writing, by which a name can look like another one, and Unicode's own line ends.
 */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Writes what a terminal would obey as escapes, line ends too: the text stays on its line. */
export const printable = (text: string): string =>
  text.replace(UNSAFE, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });

/** The same of a text that is lines of ours. */
export const printableLines = (text: string): string => text.split("\n").map(printable).join("\n");

/** A value as JSON on one line, with the escapes of JSON: it is the same value for whoever reads it. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
