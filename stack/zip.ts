// Zip archives that depend on their content alone: the same files give the same bytes on every machine, at any time.

import { type Zippable, zipSync } from "fflate";

/**
 * The oldest date that a zip can hold. Zips keep local time without a zone, so the date is made of local parts:
 * every time zone then writes the same bytes.
 */
const FIXED_DATE = new Date(1980, 0, 1, 0, 0, 0);

/** Written by Unix, so that Lambda takes the modes from the attributes' upper half. */
const UNIX = 3;
const READABLE_BY_ALL = 0o100644;

/** Of 9: with libvips the default takes twice the time, for a twentieth fewer bytes. */
const LEVEL = 1;

/** Packs files, name → content, in the order of their names. */
export function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries: Zippable = {};
  for (const name of Object.keys(files).sort()) {
    const content = files[name];
    if (content !== undefined) entries[name] = [content, { mtime: FIXED_DATE, os: UNIX, attrs: READABLE_BY_ALL << 16 }];
  }
  return zipSync(entries, { level: LEVEL });
}
