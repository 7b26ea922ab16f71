// What is kept over a restart: named values, each change a line of one file that only grows while it is open. A line is
// written before the request that made it is acknowledged, so what was acknowledged is there after the process is killed at any
// moment. The file is rewritten, without what is gone, each time that it is opened.

import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { DataError } from "./data-error";

/** What a value is, whose (a bucket's, a table's, a function's), and its name there. */
export type Name = readonly [kind: string, owner: string, name: string];

/** A name's new value; null removes it. */
export type Change = readonly [...Name, value: unknown];

export interface Journal {
  /** Writes changes that belong together: all of them are kept, or none. */
  write(changes: readonly Change[]): void;
  /** Notes whose values are to be kept here; it counts from {@link begin} on, so that who is refused leaves no trace. */
  claim(kind: string, owner: string, value: unknown): void;
  /** Gives up what is kept of a kind for an owner; this, too, counts from {@link begin} on. */
  drop(kind: string, owner: string): void;
  begin(): void;
  /** Hands out what was kept of a kind for an owner when the journal was opened, by name; once. */
  take(kind: string, owner: string): ReadonlyMap<string, unknown>;
  /** Those of a kind that have something kept that nobody has taken. */
  owners(kind: string): readonly string[];
  /** How long nothing was written before it was opened, in milliseconds; 0 for a new one. */
  readonly pausedMs: number;
  readonly isNew: boolean;
  close(): void;
}

/** The file's first line: who wrote it. Another one's is not read. */
export interface Header {
  readonly format: number;
  readonly region: string;
}

/**
 * Opens the journal in a file, which need not be there.
 * @throws DataError for a file of another format or region, and for one that is damaged
 */
export function openJournal(path: string, header: Header): Journal {
  const found = read(path);
  const entries = found === undefined ? new Map<string, Change>() : entriesOf(path, found.text, header);
  rewrite(path, header, entries.values());
  const kept = byKindAndOwner(entries.values());
  const file = openSync(path, "a");
  let length = statSync(path).size;
  let isClosed = false;
  const claims: Change[] = [];
  let hasBegun = false;

  function write(changes: readonly Change[]): void {
    // What ends after the end of all is not done: it begins again after the restart.
    if (isClosed || changes.length === 0) return;
    const line = Buffer.from(`${JSON.stringify(changes)}\n`);
    try {
      writeFileSync(file, line);
    } catch (error) {
      // A full disk: what follows must not be appended to half a line.
      ftruncateSync(file, length);
      throw error;
    }
    length += line.length;
  }

  const note = (changes: readonly Change[]): void => (hasBegun ? write(changes) : void claims.push(...changes));

  function take(kind: string, owner: string): ReadonlyMap<string, unknown> {
    const owners = kept.get(kind);
    const taken = owners?.get(owner) ?? new Map<string, unknown>();
    owners?.delete(owner);
    return taken;
  }

  return {
    pausedMs: found === undefined ? 0 : Math.max(0, Date.now() - found.writtenAt),
    isNew: found === undefined,
    write,
    claim: (kind, owner, value) => note([[kind, owner, "", value]]),
    drop: (kind, owner) => note([...take(kind, owner).keys()].map((name) => [kind, owner, name, null])),
    begin() {
      hasBegun = true;
      write(claims.splice(0));
    },
    take,
    owners: (kind) => [...(kept.get(kind)?.keys() ?? [])],
    close() {
      isClosed = true;
      fsyncSync(file);
      closeSync(file);
    },
  };
}

function read(path: string): { text: string; writtenAt: number } | undefined {
  try {
    return { text: readFileSync(path, "utf8"), writtenAt: statSync(path).mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function entriesOf(path: string, text: string, header: Header): Map<string, Change> {
  // After the last line's end there is nothing, or a line of which only a part came to the disk.
  const [first = "", ...lines] = text.split("\n").slice(0, -1);
  const { format, region } = parse(path, 1, first) as Partial<Header>;
  if (format !== header.format) {
    throw new DataError(`${path} is of format ${format}, and this version reads format ${header.format}`);
  }
  if (region !== header.region) {
    throw new DataError(`${path} is of the region ${region}, and the stack is for ${header.region}`);
  }
  const entries = new Map<string, Change>();
  for (const [index, line] of lines.entries()) {
    for (const change of parse(path, index + 2, line) as Change[]) {
      const name = JSON.stringify(change.slice(0, 3));
      if (change[3] === null) entries.delete(name);
      else entries.set(name, change);
    }
  }
  return entries;
}

function parse(path: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DataError(`${path} is damaged in line ${line}`);
  }
}

/** In one step: whoever is killed meanwhile leaves the old file as it was. */
function rewrite(path: string, header: Header, entries: Iterable<Change>): void {
  const next = `${path}.next`;
  const file = openSync(next, "w", 0o600);
  try {
    writeFileSync(file, `${JSON.stringify(header)}\n`);
    for (const entry of entries) writeFileSync(file, `${JSON.stringify([entry])}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}

function byKindAndOwner(entries: Iterable<Change>): Map<string, Map<string, Map<string, unknown>>> {
  const kept = new Map<string, Map<string, Map<string, unknown>>>();
  for (const [kind, owner, name, value] of entries) {
    const owners = kept.get(kind) ?? new Map<string, Map<string, unknown>>();
    const values = owners.get(owner) ?? new Map<string, unknown>();
    kept.set(kind, owners.set(owner, values.set(name, value)));
  }
  return kept;
}
