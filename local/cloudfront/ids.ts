// The ids of CloudFront's things: a letter that tells of what kind, and thirteen characters.

import { randomInt } from "node:crypto";

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** @param first `E` of a distribution, `I` of an invalidation */
export const newId = (first: string): string =>
  first + Array.from({ length: 13 }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join("");
