// Whose photos a user means: files, folders of files named by profile, and CSV files, as one list.

import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { ProfileIds } from "../functions/lib/profile-id";
import { type Mistake, mistakeOf, type Named } from "../operations/mistake";
import { whyUnreadable } from "../operations/photos";
import { NOTHING, type PlannedUpload, type UploadList } from "../operations/upload-check";
import { isLeftover } from "./leftovers";
import { listCsv } from "./upload-csv";

/** Lists the uploads; a file is its profile's by its name, as in `12.jpg`, unless the user says whose it is. */
export async function listUploads(
  paths: readonly string[],
  user: string | undefined,
  ids: ProfileIds,
): Promise<UploadList> {
  const list = joined(await Promise.all(paths.map((path) => listPath(path, user, ids))));
  return {
    ...list,
    named: user === undefined ? list.named : [user],
    mistakes: [...list.mistakes, ...repeatedProfiles(list.uploads)],
  };
}

async function listPath(path: string, user: string | undefined, ids: ProfileIds): Promise<UploadList> {
  const isCsv = extname(path).toLowerCase() === ".csv";
  const listPhoto = () =>
    user === undefined ? listByName(path, ids) : { ...NOTHING, uploads: [{ profileId: user, file: path }] };
  let status: Stats;
  try {
    status = await stat(path);
  } catch (error) {
    // A photo is looked for once more, when all else that is wrong with it is known.
    if (!isCsv && extname(path) !== "") return listPhoto();
    return mistake({ noun: "file", path }, `cannot be read (${whyUnreadable(error)})`);
  }
  // A shell's * names them as well.
  if (isLeftover(path, status.isDirectory())) return NOTHING;
  const noun = status.isDirectory() ? "folder" : "file";
  if (!status.isDirectory() && !isCsv) return listPhoto();
  if (user !== undefined) {
    return mistake({ noun, path }, "says itself whose photos it holds; --user is for a single photo");
  }
  try {
    return isCsv ? joined(await listCsv(path, ids)) : await listFolder(path, ids);
  } catch (error) {
    return mistake({ noun, path }, `cannot be read (${whyUnreadable(error)})`);
  }
}

function listByName(file: string, ids: ProfileIds): UploadList {
  const profileId = basename(file, extname(file));
  if (ids.isId(profileId)) return { ...NOTHING, uploads: [{ profileId, file }] };
  const why = "does not say whose photo it is: name it after its profile, as in 12.jpg, give --user, or use a CSV file";
  return { ...mistake({ noun: "file", path: file }, why), unassigned: [file] };
}

async function listFolder(folder: string, ids: ProfileIds): Promise<UploadList> {
  const all = await readdir(folder, { withFileTypes: true });
  const entries = all.filter((entry) => !isLeftover(entry.name, entry.isDirectory()));
  if (entries.length === 0) return mistake({ noun: "folder", path: folder }, "is empty");
  entries.sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
  return joined(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory()
        ? mistake({ noun: "folder", path }, "is within a folder; give its own path")
        : listByName(path, ids);
    }),
  );
}

/** Only one of a profile's photos would win, and not surely the last. */
function repeatedProfiles(uploads: readonly PlannedUpload[]): Mistake[] {
  const files = new Map<string, string[]>();
  for (const { profileId, file } of uploads) files.set(profileId, [...(files.get(profileId) ?? []), file]);
  return [...files]
    .filter(([, { length }]) => length > 1)
    .map(([profileId, some]) => ({
      kind: "repeated profile",
      item: `${profileId}: ${some.join(", ")}`,
      sentence: `profile ${profileId} is given ${some.length} photos: ${some.join(", ")}`,
      about: (count) => `each of ${count} profiles is given several photos`,
    }));
}

const mistake = (named: Named, why: string): UploadList => ({ ...NOTHING, mistakes: [mistakeOf(named, why)] });

const joined = (lists: readonly UploadList[]): UploadList => ({
  uploads: lists.flatMap(({ uploads }) => uploads),
  unassigned: lists.flatMap(({ unassigned }) => unassigned),
  named: lists.flatMap(({ named }) => named),
  mistakes: lists.flatMap(({ mistakes }) => mistakes),
});
