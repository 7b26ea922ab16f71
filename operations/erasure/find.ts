// Finds all that the buckets and the table hold of some people, for who erases it and for who hands it out.

import { assertRead } from "../assert-read";
import type { Deployment } from "../deployment";
import { type FailedEvent, readFailureRecords } from "../failure-records";
import { readProfile } from "../withdraw";
import { type Removal, removalsOf } from "./key-removal";
import { type Item, type People, peopleOf } from "./owner";
import { partOf, type RecordPart } from "./record-parts";
import { isMarker, type StoredVersion, storedVersions } from "./stored-versions";

export interface Found {
  /** By id; undefined where there is no such profile. */
  readonly items: ReadonlyMap<string, Item>;
  readonly versions: readonly Removal[];
  readonly records: readonly RecordPart[];
  /** Keys of what lies among the failure records and is none: whom it is about, people must find out. */
  readonly notUnderstood: readonly string[];
  /** Key → whose it is, for a further look: what has gone can tell no more. */
  readonly keys: ReadonlyMap<string, string>;
  /** Whose a key is, whatever lies there. */
  ownerOfKey(key: string): string | undefined;
}

export interface FindOptions {
  readonly stop: AbortSignal;
  /** Of an earlier look. */
  readonly before?: ReadonlyMap<string, string>;
  /** Told how many versions and records have been looked at. */
  readonly onProgress?: (looked: number) => void;
}

/** Looks through both buckets: once, for however many people. */
export async function findPeople(
  deployment: Deployment,
  ids: readonly string[],
  { stop, before = new Map(), onProgress = () => {} }: FindOptions,
): Promise<Found> {
  const items = new Map<string, Item>();
  for (const id of ids) items.set(id, await readProfile(deployment, id));
  const people = peopleOf(deployment, items);
  const keys = new Map(before);
  const versions: Removal[] = [];
  const others = new Map<string, readonly StoredVersion[]>();
  let looked = 0;
  for await (const groups of storedVersions(deployment, stop)) {
    for (const group of groups) {
      looked += group.length;
      onProgress(looked);
      const removals = removalsOf(group, people, before);
      versions.push(...removals);
      const [{ key } = { key: "" }] = group;
      if (removals.length === 0 && !keys.has(key) && people.ownerOfKey(key) === undefined) continue;
      others.set(
        key,
        group.filter((version) => !isMarker(version) && people.ownerOf(version) === undefined),
      );
      if (removals[0] !== undefined) keys.set(key, removals[0].owner);
    }
  }
  const ownerOf = eventOwners(people, keys, others);
  const records: RecordPart[] = [];
  const notUnderstood: string[] = [];
  for await (const record of readFailureRecords(deployment.s3, deployment.failuresBucket)) {
    stop.throwIfAborted();
    looked += 1;
    onProgress(looked);
    assertRead(record);
    if (record.events.length === 0) notUnderstood.push(record.failureKey);
    const part = partOf(record, ownerOf);
    if (part !== undefined) records.push(part);
  }
  const ownerOfKey = (key: string) => keys.get(key) ?? people.ownerOfKey(key);
  return { items, versions, records, notUnderstood, keys, ownerOfKey };
}

/** Whose an event of a failure record is. */
const eventOwners =
  (people: People, keys: ReadonlyMap<string, string>, others: ReadonlyMap<string, readonly StoredVersion[]>) =>
  ({ record, profileId, key = "" }: FailedEvent): string | undefined => {
    if (profileId !== undefined) return people.has(profileId) ? profileId : undefined;
    if (!("s3" in record)) return undefined;
    // An upload does not say whose it is: it is theirs if it is no photo that the key holds of somebody else.
    const { versionId, eTag } = record.s3.object;
    const isOthers = others
      .get(key)
      ?.some(
        (other) =>
          other.strippedFrom === eTag ||
          (versionId === undefined ? other.eTag === `"${eTag}"` : other.versionId === versionId),
      );
    return isOthers ? undefined : (keys.get(key) ?? people.ownerOfKey(key));
  };
