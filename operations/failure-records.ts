// The records in the failures bucket, in the three forms that they have: our functions' own, and what Lambda writes
// when it gives up an asynchronous event or a batch of a stream.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html

import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  NoSuchKey,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { DynamoDBRecord, S3EventRecord } from "aws-lambda";
import { profileIds } from "../functions/lib/profile-id";
import { changeFailureId, profileIdOf } from "../functions/lib/profile-image";
import { readUpload, uploadFailureId } from "../functions/lib/upload";
import { refusalOf } from "./refusal";

/** An upload or a change of a profile, as a function receives it in `Records`. */
export type EventRecord = S3EventRecord | DynamoDBRecord;

/** One of the events in a failure record, and whose it is, as far as it says. */
export interface FailedEvent {
  readonly record: EventRecord;
  readonly profileId?: string;
  readonly key?: string;
}

/** An object of the failures bucket, not read yet. */
export interface ListedRecord {
  /** Its key in the failures bucket. */
  readonly failureKey: string;
  /** With quotes. */
  readonly eTag: string;
}

export interface FailureRecord extends ListedRecord {
  readonly when: string;
  /** With its stage, when Lambda wrote the record. */
  readonly functionName: string;
  readonly reason: { readonly code: string; readonly message: string };
  /** How often Lambda invoked the function; absent where the function itself saw that another try cannot help. */
  readonly tries?: number;
  /** The last invocation, where its log alone says why it failed; see failure-causes.ts. */
  readonly unexplained?: { readonly id: string; readonly tries: string };
  /** One, except when Lambda gave up a batch; none when the object is not understood. */
  readonly events: readonly FailedEvent[];
}

const READ_AT_ONCE = 20;
/** A batch has 6 MB, and a few more as text in JSON. */
const MAX_BYTES = 32_000_000;
/** Other objects that somebody may have put there are not listed. */
const REQUEST_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Lists the failure records, or the one of that key, page by page. */
export async function* listFailureRecords(
  client: S3Client,
  Bucket: string,
  key?: string,
): AsyncGenerator<(ListedRecord & { readonly at: Date })[]> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: key })) {
    const wanted = Contents.filter(({ Key }) => key === undefined || Key === key);
    yield wanted.map(({ Key = "", ETag = "", LastModified = new Date(0) }) => ({
      failureKey: Key,
      eTag: ETag,
      at: LastModified,
    }));
  }
}

/** Reads the failure records, or the one of that key, page by page. */
export async function* readFailureRecords(
  client: S3Client,
  Bucket: string,
  key?: string,
): AsyncGenerator<FailureRecord> {
  async function read({ failureKey, eTag }: ListedRecord): Promise<FailureRecord[]> {
    const record = await readIfThere(client, Bucket, failureKey);
    // Of what cannot be read the list alone tells which one it is.
    return record === undefined ? [] : [{ ...record, eTag: record.eTag || eTag }];
  }
  for await (const listed of listFailureRecords(client, Bucket, key)) {
    for (let start = 0; start < listed.length; start += READ_AT_ONCE) {
      yield* (await Promise.all(listed.slice(start, start + READ_AT_ONCE).map(read))).flat();
    }
  }
}

/** Reads one, or nothing: between the list and the reading somebody may have replayed it. */
export async function readIfThere(client: S3Client, Bucket: string, Key: string): Promise<FailureRecord | undefined> {
  try {
    return await readFailureRecord(client, Bucket, Key);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/**
 * Reads one; rejects with NoSuchKey when it is not there. Anybody may have put something else there: what cannot be read
 * or understood is a record without events, with the reason why.
 */
export async function readFailureRecord(client: S3Client, Bucket: string, Key: string): Promise<FailureRecord> {
  let object: GetObjectCommandOutput;
  try {
    object = await client.send(new GetObjectCommand({ Bucket, Key }));
  } catch (error) {
    const why = error instanceof NoSuchKey ? undefined : refusalOf(error);
    if (why === undefined) throw error;
    return notUnderstood({ failureKey: Key, eTag: "", when: "" }, `it cannot be read: ${why}`);
  }
  const { Body, ContentLength = 0, ETag = "", LastModified } = object;
  const identity = { failureKey: Key, eTag: ETag };
  const found = { ...identity, when: LastModified?.toISOString() ?? "" };
  if (ContentLength > MAX_BYTES) {
    (Body as Readable).destroy();
    return notUnderstood(found, `this object is not a failure record: it has ${ContentLength} bytes`);
  }
  const text = (await Body?.transformToString()) ?? "";
  try {
    return { ...found, ...parse(JSON.parse(text)) };
  } catch (error) {
    return notUnderstood(found, `this object is not a failure record: ${(error as Error).message}`);
  }
}

const notUnderstood = (
  identity: Pick<FailureRecord, "failureKey" | "eTag" | "when">,
  message: string,
): FailureRecord => ({ ...identity, functionName: "", reason: { code: "NotUnderstood", message }, events: [] });

interface LambdaContext {
  readonly requestId?: string;
  readonly functionArn: string;
  readonly condition: string;
  readonly approximateInvokeCount?: number;
}

/** What the three forms have; which one it is shows in what is there. */
interface Content {
  readonly timestamp: string;
  readonly function?: string;
  readonly reason?: FailureRecord["reason"];
  readonly profileId?: string;
  readonly event?: { readonly Records: readonly EventRecord[] };
  readonly requestContext?: LambdaContext;
  readonly requestPayload?: { readonly Records: readonly EventRecord[] };
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string };
  readonly responseContext?: { readonly functionError?: string | null } | null;
  /** JSON text. */
  readonly payload?: string;
}

function parse(content: Content | null): Omit<FailureRecord, "failureKey" | "eTag"> {
  if (typeof content !== "object" || content === null) throw new Error("it is not a JSON object");
  const { timestamp: when, function: functionName, reason, event, profileId, requestContext } = content;
  if (!(Date.parse(when) > 0)) throw new Error("it has no timestamp");
  if (functionName !== undefined && reason !== undefined && event !== undefined) {
    if (![functionName, reason.code, reason.message, profileId ?? ""].every(isText))
      throw new Error("its reason is not a string");
    const events = recordsIn(event).map((record) => ({
      ...(profileId !== undefined && { profileId }),
      ...describe(record),
    }));
    return { when, functionName, reason, events };
  }
  if (requestContext === undefined) throw new Error("it has no requestContext");
  const { functionArn, condition } = requestContext;
  if (![functionArn, condition].every(isText)) throw new Error("its requestContext is not Lambda's");
  return {
    when,
    functionName: functionArn.split(":")[6] ?? "",
    ...(Number.isInteger(requestContext.approximateInvokeCount) && { tries: requestContext.approximateInvokeCount }),
    ...lastError(content, requestContext),
    events: recordsIn(content.requestPayload ?? JSON.parse(content.payload ?? "null")).map(describe),
  };
}

const isText = (value: unknown): value is string => typeof value === "string";

function recordsIn(event: { readonly Records: readonly EventRecord[] } | null): readonly EventRecord[] {
  if (!Array.isArray(event?.Records) || event.Records.length === 0) throw new Error("its event has no Records");
  return event.Records;
}

function lastError(
  { responsePayload, responseContext }: Content,
  { condition: code, requestId: id = "", approximateInvokeCount: count }: LambdaContext,
): Pick<FailureRecord, "reason" | "unexplained"> {
  const tries = count === undefined ? "" : `${count} tr${count === 1 ? "y" : "ies"}`;
  const { errorType, errorMessage } = responsePayload ?? {};
  if (isText(errorMessage)) {
    const cause = errorType === undefined ? errorMessage : `${errorType}: ${errorMessage}`;
    return { reason: { code, message: [cause, tries].filter(Boolean).join(", ") } };
  }
  if (!responseContext) return { reason: { code, message: "it was never tried" } };
  const what = responseContext.functionError ? "failed" : "reported that it could not do it";
  const message = `the function ${what}${tries && `, ${tries}`}; its log says why`;
  return { reason: { code, message }, ...(REQUEST_ID.test(id) && { unexplained: { id, tries } }) };
}

/** Throws when the record cannot be replayed, as nothing could be that does not say what it is about. */
function describe(record: EventRecord): FailedEvent {
  try {
    if ("s3" in record) return { record, key: keyOf(record) };
    changeFailureId(record);
    const profileId = profileIdOf(record);
    const ids = profileIds(record.dynamodb?.Keys?.id?.S === undefined ? "number" : "string");
    if (!ids.isKey(profileId)) throw new Error(`there is no profile "${profileId}"`);
    const { NewImage, OldImage } = record.dynamodb ?? {};
    const key = NewImage?.image?.S ?? OldImage?.image?.S;
    return { record, profileId, ...(isText(key) && { key }) };
  } catch (error) {
    throw new Error(`its event is neither S3's nor DynamoDB's (${(error as Error).message})`);
  }
}

function keyOf(record: S3EventRecord): string {
  uploadFailureId(record);
  return readUpload(record).key;
}
