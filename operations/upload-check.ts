// Everything that can be wrong with uploads and can be known before the first byte is sent.

import { BatchGetItemCommand, type BatchGetItemCommandInput } from "@aws-sdk/client-dynamodb";
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
  readonly mistakes: readonly Mistake[];
}

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

/** Looks at the photos, their names and their profiles; of photos that nobody knows the profile of at all else. */
export async function checkUploads(
  deployment: Deployment,
  { uploads: planned, unassigned, mistakes: known }: UploadList,
  onChecked: (count: number, total: number) => void = () => {},
): Promise<Checked> {
  const [suffixes, ids] = await Promise.all([
    readUploadSuffixes(deployment),
    knownProfiles(deployment, new Set(planned.map(({ profileId }) => profileId))),
  ]);
  const outcomes: (CheckedUpload | readonly Mistake[])[] = [];
  let count = 0;
  const all: readonly Unchecked[] = [...planned, ...unassigned.map((file) => ({ file }))];
  await inParallel(all.entries(), CONCURRENCY, async ([index, upload]) => {
    outcomes[index] = await check(deployment, upload, suffixes, ids);
    count += 1;
    onChecked(count, all.length);
  });
  return {
    uploads: outcomes.filter((outcome) => "key" in outcome),
    mistakes: [...known, ...outcomes.flatMap((outcome) => ("key" in outcome ? [] : outcome))],
  };
}

type Unchecked = Pick<PlannedUpload, "file"> & Partial<PlannedUpload>;

async function check(
  { table }: Deployment,
  { profileId, file }: Unchecked,
  suffixes: readonly string[],
  knownIds: ReadonlySet<string>,
): Promise<CheckedUpload | readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  if (profileId !== undefined && !knownIds.has(profileId)) mistakes.push(unknownProfile(profileId, file, table));
  const key = newOriginalKey(profileId ?? "", file, suffixes);
  if (key === undefined) mistakes.push(wrongSuffix(file, suffixes));
  const photo = await examinePhoto(file);
  // What is not even called a photo need not be one as well.
  if ("sentence" in photo && !(key === undefined && photo.kind.includes(NO_IMAGE))) mistakes.push(photo);
  if (profileId === undefined || key === undefined || "sentence" in photo || mistakes.length > 0) return mistakes;
  return { profileId, file, key, contentType: photo.contentType, size: photo.bytes.length };
}

const unknownProfile = (profileId: string, file: string, table: string): Mistake => ({
  kind: "unknown profile",
  item: `${profileId}, for "${file}"`,
  sentence: `there is no profile ${profileId} in ${table}, for "${file}"`,
  about: (count) => `${count} profiles are not in ${table}`,
});

async function knownProfiles({ dynamodb, table }: Deployment, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  let waiting = [...ids].map((id) => ({ id: { N: id } }));
  while (waiting.length > 0) {
    const RequestItems: BatchGetItemCommandInput["RequestItems"] = {
      [table]: { Keys: waiting.slice(0, BATCH_LIMIT), ProjectionExpression: "id", ConsistentRead: true },
    };
    const { Responses, UnprocessedKeys } = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
    for (const { id } of Responses?.[table] ?? []) known.add(id?.N ?? "");
    const again = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof waiting;
    waiting = [...again, ...waiting.slice(BATCH_LIMIT)];
  }
  return known;
}
