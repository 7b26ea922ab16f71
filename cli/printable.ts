// Text from outside, such as a photo's name, as a terminal may show it.

/** Writes control characters as escapes: a terminal would obey them. */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
