// Everything that can be wrong with uploads and can be known before the first byte is sent.

import { BatchGetItemCommand, type BatchGetItemCommandInput } from "@aws-sdk/client-dynamodb";
import { UserError } from "../stack/user-error";
import type { Deployment } from "./deployment";
import { inParallel } from "./in-parallel";
import { readPhoto } from "./photos";
import type { PlannedUpload } from "./upload-list";
import { newOriginalKey, readUploadSuffixes } from "./upload-target";

/** An upload that nothing is known to be wrong with. */
export interface CheckedUpload extends PlannedUpload {
  readonly key: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

export interface Checked {
  readonly uploads: readonly CheckedUpload[];
  readonly mistakes: readonly string[];
}

/** Photos decoded at a time. */
const CONCURRENCY = 4;
/** BatchGetItem takes so many: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const BATCH_LIMIT = 100;

/** Looks at the photos, their names and their profiles. */
export async function checkUploads(
  deployment: Deployment,
  planned: readonly PlannedUpload[],
  onChecked: (count: number) => void = () => {},
): Promise<Checked> {
  const [suffixes, known] = await Promise.all([
    readUploadSuffixes(deployment),
    knownProfiles(deployment, new Set(planned.map(({ profileId }) => profileId))),
  ]);
  const outcomes: (CheckedUpload | UserError)[] = [];
  let count = 0;
  await inParallel(planned.entries(), CONCURRENCY, async ([index, upload]) => {
    outcomes[index] = await check(deployment, upload, suffixes, known);
    count += 1;
    onChecked(count);
  });
  return {
    uploads: outcomes.flatMap((outcome) => (outcome instanceof UserError ? [] : [outcome])),
    mistakes: outcomes.flatMap((outcome) => (outcome instanceof UserError ? [outcome.message] : [])),
  };
}

async function check(
  { table }: Deployment,
  upload: PlannedUpload,
  suffixes: readonly string[],
  knownIds: ReadonlySet<string>,
): Promise<CheckedUpload | UserError> {
  const { profileId, file } = upload;
  if (!knownIds.has(profileId)) return new UserError(`there is no profile ${profileId} in ${table}, for "${file}"`);
  try {
    const key = newOriginalKey(profileId, file, suffixes);
    const { contentType, bytes } = await readPhoto(file);
    return { ...upload, key, contentType, size: bytes.length };
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

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
