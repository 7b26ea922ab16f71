// The folder that keeps objects and items over a restart: the journal, the objects' bytes, and a lock, so that no two
// processes write to it.

import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "./data-error";
import { type Journal, openJournal } from "./journal";

/** Of what the services write into the journal; another one is not read. */
const FORMAT = 1;

const JOURNAL = "journal.jsonl";
const OBJECTS = "objects";
const LOCK = "lock";

export interface DataDirectory {
  readonly path: string;
  readonly journal: Journal;
  /** Where the bytes of objects lie. */
  readonly objects: string;
  close(): void;
}

/**
 * Opens the folder, and makes it if it is not there.
 * @throws DataError for what is no such folder, is in use or cannot be written
 */
export function openDataDirectory(path: string, region: string): DataDirectory {
  try {
    makeDirectory(path);
    lock(path);
  } catch (error) {
    throw error instanceof DataError
      ? error
      : new DataError(`${path} cannot keep objects and items: ${reasonOf(error)}`);
  }
  try {
    const objects = join(path, OBJECTS);
    mkdirSync(objects, { recursive: true, mode: 0o700 });
    // People's photos: in a checkout they shall not be committed.
    writeFileSync(join(path, ".gitignore"), "*\n");
    const journal = openJournal(join(path, JOURNAL), { format: FORMAT, region });
    return {
      path,
      journal,
      objects,
      close() {
        journal.close();
        unlock(path);
      },
    };
  } catch (error) {
    unlock(path);
    throw error;
  }
}

function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new DataError(`${path} is a file, and objects and items are kept in a folder`);
  }
  // Only the folder itself: a mistyped path shall not become a tree of them.
  if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
  const names = readdirSync(path);
  const isOurs = names.includes(JOURNAL) || names.every((name) => [OBJECTS, LOCK, ".gitignore"].includes(name));
  if (!isOurs)
    throw new DataError(`${path} holds other files, and objects and items are kept in a folder of their own`);
}

/** The lock of a process that was killed is taken over. */
function lock(path: string): void {
  const file = join(path, LOCK);
  try {
    writeFileSync(openSync(file, "wx", 0o600), String(process.pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const owner = Number(readFileSync(file, "utf8"));
    if (isRunning(owner)) throw new DataError(`${path} is in use by process ${owner}`);
    rmSync(file, { force: true });
    lock(path);
  }
}

const unlock = (path: string): void => rmSync(join(path, LOCK), { force: true });

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  ENOENT: "the folder that it is to be in does not exist",
  ENOTDIR: "it is to be in a file",
  EROFS: "its file system is read-only",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return REASONS[code] ?? code;
}
