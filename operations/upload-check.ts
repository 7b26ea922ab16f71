// Everything that can be wrong with uploads and can be known before the first byte is sent.

import { BatchGetItemCommand, type BatchGetItemCommandInput } from "@aws-sdk/client-dynamodb";
import { idIn } from "../functions/lib/profile-id";
import type { Deployment } from "./deployment";
import { inParallel } from "./in-parallel";
import type { Mistake } from "./mistake";
import { examinePhoto, NO_IMAGE, wrongSuffix } from "./photos";
import { newOriginalKey, readUploadSuffixes } from "./upload-target";

export interface PlannedUpload {
  readonly profileId: string;
  readonly file: string;
}

export interface UploadList {
  readonly uploads: readonly PlannedUpload[];
  /** Photos of which nobody knows whose they are; something else may be wrong with them as well. */
  readonly unassigned: readonly string[];
  /** Profiles that the user has named, also where no upload comes of it. */
  readonly named: readonly string[];
  readonly mistakes: readonly Mistake[];
}

/** A list of none, to say only what there is. */
export const NOTHING: UploadList = { uploads: [], unassigned: [], named: [], mistakes: [] };

/** An upload that nothing is known to be wrong with. */
export interface CheckedUpload extends PlannedUpload {
  readonly key: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

export interface Checked {
  readonly uploads: readonly CheckedUpload[];
  readonly mistakes: readonly Mistake[];
}

/** Photos decoded at a time. */
const CONCURRENCY = 4;
/** BatchGetItem takes so many: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const BATCH_LIMIT = 100;

/** Looks at the photos, their names and their profiles; whatever is wrong with one, the others are looked at. */
export async function checkUploads(
  deployment: Deployment,
  { uploads: planned, unassigned, named, mistakes: known }: UploadList,
  onChecked: (count: number, total: number) => void = () => {},
): Promise<Checked> {
  const filesOf = new Map<string, string[]>(named.map((profileId) => [profileId, []]));
  for (const { profileId, file } of planned) filesOf.set(profileId, [...(filesOf.get(profileId) ?? []), file]);
  const [suffixes, ids] = await Promise.all([
    readUploadSuffixes(deployment),
    knownProfiles(deployment, filesOf.keys()),
  ]);
  const outcomes: (CheckedUpload | readonly Mistake[])[] = [];
  let count = 0;
  const all: readonly Unchecked[] = [...planned, ...unassigned.map((file) => ({ file }))];
  await inParallel(all.entries(), CONCURRENCY, async ([index, upload]) => {
    outcomes[index] = await check(upload, suffixes, ids);
    count += 1;
    onChecked(count, all.length);
  });
  return {
    uploads: outcomes.filter((outcome) => "key" in outcome),
    mistakes: [
      ...known,
      ...unknownProfiles(deployment, filesOf, ids),
      ...outcomes.flatMap((outcome) => ("key" in outcome ? [] : outcome)),
    ],
  };
}

type Unchecked = Pick<PlannedUpload, "file"> & Partial<PlannedUpload>;

async function check(
  { profileId, file }: Unchecked,
  suffixes: readonly string[],
  knownIds: ReadonlySet<string>,
): Promise<CheckedUpload | readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  const key = newOriginalKey(profileId ?? "", file, suffixes);
  if (key === undefined) mistakes.push(wrongSuffix(file, suffixes));
  const photo = await examinePhoto(file);
  // What is not even called a photo need not be one as well.
  if ("sentence" in photo && !(key === undefined && photo.kind.includes(NO_IMAGE))) mistakes.push(photo);
  if (key === undefined || "sentence" in photo || profileId === undefined || !knownIds.has(profileId)) return mistakes;
  return { profileId, file, key, contentType: photo.contentType, size: photo.bytes.length };
}

/** Each of them once, with all that was meant for it. */
function unknownProfiles(
  { table }: Deployment,
  filesOf: ReadonlyMap<string, readonly string[]>,
  knownIds: ReadonlySet<string>,
): Mistake[] {
  const unknown = [...filesOf].filter(([profileId]) => !knownIds.has(profileId));
  return unknown.map(([profileId, files]) => {
    const what = files.length === 0 ? "" : `, for ${files.map((file) => `"${file}"`).join(", ")}`;
    return {
      kind: "unknown profile",
      item: `${profileId}${what}`,
      sentence: `there is no profile ${profileId} in ${table}${what}`,
      about: (count) => `${count} profiles are not in ${table}`,
    };
  });
}

async function knownProfiles(
  { dynamodb, table, profileIds }: Deployment,
  ids: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  let waiting = [...ids].map(profileIds.keyOf);
  while (waiting.length > 0) {
    const RequestItems: BatchGetItemCommandInput["RequestItems"] = {
      [table]: { Keys: waiting.slice(0, BATCH_LIMIT), ProjectionExpression: "id", ConsistentRead: true },
    };
    const { Responses, UnprocessedKeys } = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
    for (const item of Responses?.[table] ?? []) known.add(idIn(item) ?? "");
    const again = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof waiting;
    waiting = [...again, ...waiting.slice(BATCH_LIMIT)];
  }
  return known;
}
