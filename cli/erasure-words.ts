// What `npm run erase` says: what it is going to remove, and the receipt.

import type { Deployment } from "../operations/deployment";
import { type Erasable, type Erased, isToErase } from "../operations/erasure/erase";
import { deliveredKeys, type Invalidated } from "../operations/erasure/invalidate";
import { isMarker } from "../operations/erasure/stored-versions";
import { type Stays, whatStays } from "../operations/erasure/what-stays";
import { plural } from "./plural";
import { printable } from "./printable";
import type { Target } from "./target";

/** What was removed of one person, or is going to be. */
interface OfPerson {
  readonly profileId: string;
  readonly versions: number;
  readonly records: number;
  /** Multipart uploads that were begun and not finished. */
  readonly uploads: number;
  readonly profile: "removed" | "without a photo" | "untouched";
}

export interface Receipt {
  readonly target: string;
  readonly at: string;
  readonly people: readonly OfPerson[];
  /** In what order and what each was. */
  readonly removed: readonly Erased[];
  /** With delivery by CloudFront: what its edges have no copies of any more. */
  readonly invalidated?: readonly Invalidated[];
  /** With --dry-run only. */
  readonly found?: readonly Erased[];
  readonly stays: readonly Stays[];
  /** From when on nothing that was on its way can arrive any more, ISO 8601. */
  readonly repeatAfter?: string;
}

/** As long as Lambda keeps the event of an upload, and then the longest that an invocation may take. */
const ON_ITS_WAY_MS = (6 * 60 + 15) * 60_000;

/** What was found, each thing of it. */
function thingsIn({ versions, records, uploads, items }: Erasable, withProfiles: boolean): Erased[] {
  const ofRecords = records.map(({ record, owners }) => ({
    kind: "record" as const,
    owner: owners.find((each) => each !== undefined) ?? "",
    key: record.failureKey,
  }));
  const profiles = [...items].filter(([, item]) => isToErase(item, withProfiles));
  return [
    ...versions.map(({ owner, key }) => ({ kind: "version" as const, owner, key })),
    ...ofRecords,
    ...uploads.map(({ owner, key }) => ({ kind: "upload" as const, owner, key })),
    ...profiles.map(([owner]) => ({ kind: "profile" as const, owner, key: owner })),
  ];
}

/** `5 versions, 1 failure record and 1 profile` */
export function countsOf(found: Erasable, withProfiles: boolean): string {
  const things = thingsIn(found, withProfiles);
  const count = (kind: Erased["kind"]) => things.filter((each) => each.kind === kind).length;
  const profiles = plural(count("profile"), "profile");
  const uploads = count("upload") === 0 ? "" : `${plural(count("upload"), "unfinished upload")}, `;
  return `${plural(count("version"), "version")}, ${uploads}${plural(count("record"), "failure record")} and ${withProfiles ? profiles : `the photo in ${profiles}`}`;
}

/** A line for each thing that is going to be removed. */
export function planLines(deployment: Deployment, found: Erasable, withProfiles: boolean): string[] {
  const lines = found.versions.map((version) => {
    const what = isMarker(version) ? "delete marker" : `${version.bytes} bytes`;
    return `profile ${version.owner}  ${version.key}  ${what}  ${version.at.toISOString()}  version ${version.versionId}`;
  });
  const records = found.records.map(({ record, owners }) => {
    const theirs = owners.filter((each) => each !== undefined);
    const part = theirs.length === owners.length ? "" : `  ${theirs.length} of ${owners.length} events`;
    return `profile ${[...new Set(theirs)].join(", ")}  failure record ${record.failureKey}${part}`;
  });
  const profiles = [...found.items].map(([id, item]) => {
    if (item === undefined) return `profile ${id}  there is no such profile`;
    if (!isToErase(item, withProfiles)) return `profile ${id}  has no photo, and stays`;
    return `profile ${id}  ${withProfiles ? "the profile itself" : "stays, without a photo"}`;
  });
  const unknown = found.notUnderstood.map((key) => `not a failure record, so look yourself whom it is about: ${key}`);
  const uploads = found.uploads.map(
    ({ owner, key, begun, uploadId }) =>
      `profile ${owner}  ${key}  unfinished upload  ${begun.toISOString()}  upload ${uploadId}`,
  );
  const delivered = deliveredKeys(deployment, found.versions);
  const copies =
    delivered.length > 0 ? [`CloudFront's copies of ${plural(delivered.length, "thumbnail")} are invalidated`] : [];
  return [
    ...lines,
    ...uploads,
    ...records,
    ...profiles,
    ...copies,
    ...unknown,
    `Found ${countsOf(found, withProfiles)}.`,
  ].map(printable);
}

/** @param deployment only once something may have been removed: it is asked what stays */
export async function receiptOf(
  target: Target,
  {
    erased: removed,
    invalidated,
  }: { readonly erased: readonly Erased[]; readonly invalidated: readonly Invalidated[] },
  found: Erasable,
  withProfiles: boolean,
  deployment?: Deployment,
): Promise<Receipt> {
  const at = new Date();
  const things = deployment === undefined ? thingsIn(found, withProfiles) : removed;
  const people = [...found.items.keys()].map((profileId): OfPerson => {
    const count = (kind: Erased["kind"]) =>
      things.filter((each) => each.kind === kind && each.owner === profileId).length;
    const touched = withProfiles ? "removed" : "without a photo";
    const profile = count("profile") > 0 ? touched : "untouched";
    return { profileId, versions: count("version"), records: count("record"), uploads: count("upload"), profile };
  });
  const repeatAfter = new Date(at.getTime() + ON_ITS_WAY_MS).toISOString();
  return {
    target: target.words,
    at: at.toISOString(),
    people,
    removed,
    ...(invalidated.length > 0 && { invalidated }),
    ...(deployment === undefined && { found: things }),
    stays: deployment === undefined ? [] : await whatStays(deployment, at, invalidated.length > 0),
    ...(removed.length > 0 && { repeatAfter }),
  };
}

/** @param again the command that was given */
export function receiptLines(
  { target, at, people, invalidated = [], stays, repeatAfter }: Receipt,
  again: string,
): string[] {
  const lines = [
    `Receipt, ${at}, ${target}:`,
    ...people.map(
      ({ profileId, versions, records, uploads, profile }) =>
        `  profile ${profileId}: ${plural(versions, "version")} of photos and thumbnails${uploads === 0 ? "" : `, ${plural(uploads, "unfinished upload")}`} and ${plural(records, "failure record")} removed; the profile: ${profile}`,
    ),
    ...invalidated.map(
      ({ distributionId, invalidationId, paths }) =>
        `  CloudFront has no copy of ${plural(paths, "thumbnail")} any more: invalidation ${invalidationId} of ${distributionId}`,
    ),
    "What stays, and until when:",
    ...stays.map(({ what, until }) => `  ${what}: ${until}`),
  ];
  if (repeatAfter === undefined) return lines.map(printable);
  const late = `What was on its way just now may still arrive: a thumbnail within 15 minutes, a failure record within six hours. Repeat the command then, which finds nothing, or removes that too: ${again}`;
  return [...lines, late].map(printable);
}
