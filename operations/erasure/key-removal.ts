// What is to be removed under one key, so that nothing of the people stays there and nobody else's is touched.

import type { People } from "./owner";
import { isMarker, type StoredVersion } from "./stored-versions";

/** A version or delete marker to be removed for good. */
export interface Removal extends StoredVersion {
  /** Whose it is. */
  readonly owner: string;
  /** Before it goes, a delete marker must come, or somebody's photo of before would become the current one again. */
  readonly needsMarker: boolean;
}

/**
 * @param versions of one key, the newest first
 * @param before the people whose keys an earlier look has found to be theirs
 */
export function removalsOf(
  versions: readonly StoredVersion[],
  people: People,
  before: ReadonlyMap<string, string>,
): Removal[] {
  const [{ key } = { key: "" }] = versions;
  const owners = versions.map((version) => (isMarker(version) ? undefined : people.ownerOf(version)));
  const owner = owners.find((each) => each !== undefined) ?? before.get(key) ?? people.ownerOfKey(key);
  if (owner === undefined) return [];
  const lastOther = versions.findLastIndex((version, index) => !isMarker(version) && owners[index] === undefined);
  return versions.flatMap((version, index) => {
    const isTheirs = isMarker(version) ? index > lastOther : owners[index] !== undefined;
    if (!isTheirs) return [];
    return [{ ...version, owner: owners[index] ?? owner, needsMarker: version.isLatest && index < lastOther }];
  });
}
