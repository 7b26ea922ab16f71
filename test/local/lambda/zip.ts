// Deployment packages of files that a test writes as text.

import { strToU8, zipSync } from "fflate";

/** The same files always make the same bytes, whatever the time. */
export const zipOf = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), {
    mtime: new Date(2026, 0, 1),
  });
