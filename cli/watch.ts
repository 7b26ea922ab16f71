// Tells when somebody changes what the stack is synthesized from.

import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../stack/project-root";
import { UserError } from "../stack/user-error";

/** What the stack is made of; the settings are looked for in their folder, since editors put a new file in place of the old one. */
const FOLDERS = ["functions", "policies", "stack"];
const SETTINGS = "cdktf.json";

/** How long nothing may happen before a change is complete: editors write several files, and each in several steps. */
const QUIET_MS = 100;

/** What is watched, for people. */
export const WATCHED = [SETTINGS, ...FOLDERS.map((folder) => `${folder}/`)];

export interface Watch {
  /** Resolves when something has changed since the last call, or when watching ends. */
  change(): Promise<void>;
  close(): void;
}

/** @throws UserError when the system does not let the files be watched */
export function watchSources(onMistake: (error: Error) => void): Watch {
  let hasChanged = false;
  let isClosed = false;
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function touched(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hasChanged = true;
      wake?.();
    }, QUIET_MS);
  }

  const watchers: FSWatcher[] = [];
  function add(directory: string, recursive: boolean, isOurs: (name: string | null) => boolean): void {
    const watcher = watch(join(PROJECT_ROOT, directory), { recursive }, (_event, name) => {
      if (isOurs(name)) touched();
    });
    watchers.push(watcher.on("error", onMistake));
  }
  try {
    add(".", false, (name) => name === SETTINGS);
    for (const folder of FOLDERS) add(folder, true, () => true);
  } catch (error) {
    for (const watcher of watchers) watcher.close();
    throw new UserError(`the project's files cannot be watched: ${(error as Error).message}`);
  }

  return {
    async change() {
      if (!hasChanged && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      hasChanged = false;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      wake?.();
    },
  };
}
