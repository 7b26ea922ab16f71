// Whose photos a user means: files, folders of files named by profile, and CSV files, as one list.

import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { listCsv } from "./upload-csv";
import { isProfileId } from "./upload-target";

export interface PlannedUpload {
  readonly profileId: string;
  readonly file: string;
}

export interface UploadList {
  readonly uploads: readonly PlannedUpload[];
  /** What cannot be meant, a sentence each. */
  readonly mistakes: readonly string[];
}

/** Lists the uploads; a file is its profile's by its name, as in `12.jpg`, unless the user says whose it is. */
export async function listUploads(paths: readonly string[], user: string | undefined): Promise<UploadList> {
  const { uploads, mistakes } = joined(await Promise.all(paths.map((path) => listPath(path, user))));
  return { uploads, mistakes: [...mistakes, ...repeatedProfiles(uploads)] };
}

async function listPath(path: string, user: string | undefined): Promise<UploadList> {
  let status: Stats;
  try {
    status = await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return mistake(`"${path}" cannot be read (${code === "ENOENT" ? "no such file" : code})`);
  }
  const isCsv = extname(path).toLowerCase() === ".csv";
  if (!status.isDirectory() && !isCsv) {
    return user === undefined ? listByName(path) : { uploads: [{ profileId: user, file: path }], mistakes: [] };
  }
  if (user !== undefined) return mistake(`"${path}" says itself whose photos it holds; --user is for a single photo`);
  return isCsv ? joined(await listCsv(path)) : listFolder(path);
}

function listByName(file: string): UploadList {
  const profileId = basename(file, extname(file));
  if (isProfileId(profileId)) return { uploads: [{ profileId, file }], mistakes: [] };
  return mistake(
    `"${file}" does not say whose photo it is: name it after its profile, as in 12.jpg, give --user, or use a CSV file`,
  );
}

/** The files of a folder; hidden ones are the system's, such as .DS_Store. */
async function listFolder(folder: string): Promise<UploadList> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  if (entries.length === 0) return mistake(`the folder "${folder}" is empty`);
  entries.sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
  return joined(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory()
        ? mistake(`"${path}" is a folder within a folder; give its own path`)
        : listByName(path);
    }),
  );
}

/** Only one of a profile's photos would win, and not surely the last. */
function repeatedProfiles(uploads: readonly PlannedUpload[]): string[] {
  const files = new Map<string, string[]>();
  for (const { profileId, file } of uploads) files.set(profileId, [...(files.get(profileId) ?? []), file]);
  return [...files]
    .filter(([, { length }]) => length > 1)
    .map(([profileId, some]) => `profile ${profileId} is given ${some.length} photos: ${some.join(", ")}`);
}

const mistake = (sentence: string): UploadList => ({ uploads: [], mistakes: [sentence] });

const joined = (lists: readonly UploadList[]): UploadList => ({
  uploads: lists.flatMap(({ uploads }) => uploads),
  mistakes: lists.flatMap(({ mistakes }) => mistakes),
});
