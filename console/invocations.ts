// The invocations of the functions, and which photos each is about: its event says so, and everything that the
// function asks for carries the invocation's trace.

import type { DynamoDBRecord, S3EventRecord } from "aws-lambda";
import { failureKeyOf } from "../functions/lib/failure-record";
import { isThumbnailOf, thumbnailKeyOf } from "../functions/lib/keys";
import { idIn } from "../functions/lib/profile-id";
import { changeFailureId } from "../functions/lib/profile-image";
import { THUMBNAIL_ATTRIBUTE } from "../functions/lib/profile-thumbnail";
import { readUpload, uploadFailureId } from "../functions/lib/upload";
import { sequencerOf } from "../functions/lib/version";
import type { Activity } from "../local/activity";
import { createBoundedMap } from "./bounded-map";
import { eventIn } from "./event-sent";
import type { PhotoRecord, StepRecord } from "./photo-record";

/** What one record of an event is about. */
export interface Subject {
  readonly photo: PhotoRecord;
  /** Where its failure would be kept. */
  readonly failureKey: string;
  readonly sequenceNumber?: string;
  readonly profileId?: string;
}

export interface Invocation {
  readonly requestId: string;
  readonly functionName: string;
  readonly trigger: string;
  /** The event, as JSON text; forgotten first when memory gets short. */
  payload?: string;
  readonly subjects: readonly Subject[];
  /** Whether its event is of the table's stream, and not of the bucket. */
  readonly isOfStream: boolean;
  /** The step of the invocation in each photo's timeline. */
  readonly steps: Map<PhotoRecord, StepRecord>;
  /** Photo of a TinyPNG output. */
  readonly outputs: Map<string, PhotoRecord>;
  /** Whether a profile was changed in it. */
  hasUpdated: boolean;
}

const INVOCATIONS_KEPT = 5_000;
const PAYLOADS_KEPT = 1_000;

export type Invocations = ReturnType<typeof createInvocations>;

/** @param photoOf finds an upload by the id of its request */
export function createInvocations(photoOf: (requestId: string) => PhotoRecord | undefined) {
  const byTrace = createBoundedMap<string, Invocation>(INVOCATIONS_KEPT);
  const byRequest = createBoundedMap<string, Invocation>(INVOCATIONS_KEPT);
  const payloads = createBoundedMap<string, Invocation>(PAYLOADS_KEPT, (oldest) => {
    oldest.payload = undefined;
  });
  const bySequenceNumber = createBoundedMap<string, PhotoRecord>(INVOCATIONS_KEPT);
  /** Photos by key and sequencer. */
  const bySequencer = createBoundedMap<string, PhotoRecord>(INVOCATIONS_KEPT);

  function subjectOfUpload(record: S3EventRecord): Subject | undefined {
    const photo = photoOf(record.responseElements?.["x-amz-request-id"] ?? "");
    if (photo === undefined) return undefined;
    const { key, sequencer } = readUpload(record);
    bySequencer.set(`${key}#${sequencer}`, photo);
    photo.size = record.s3.object.size;
    return { photo, failureKey: failureKeyOf("SetProfileImage", uploadFailureId(record)) };
  }

  function subjectOfChange(record: DynamoDBRecord): Subject | undefined {
    const { NewImage: after, OldImage: before, Keys, SequenceNumber = "" } = record.dynamodb ?? {};
    // An edit of a name concerns no photo.
    if (after?.imageVersion === undefined || after.imageVersion.S === before?.imageVersion?.S) return undefined;
    const photo = bySequencer.get(`${after.image?.S}#${sequencerOf(after.imageVersion.S ?? "")}`);
    if (photo === undefined) return undefined;
    bySequenceNumber.set(SequenceNumber, photo);
    const failureKey = failureKeyOf("CreateThumbnail", changeFailureId(record));
    return { photo, failureKey, sequenceNumber: SequenceNumber, profileId: idIn(Keys) };
  }

  function subjectsOf(payload: string): Subject[] {
    const { Records } = JSON.parse(payload) ?? {};
    if (!Array.isArray(Records)) return [];
    return Records.map((record: Partial<S3EventRecord & DynamoDBRecord>) => {
      if (record.s3 !== undefined) return subjectOfUpload(record as S3EventRecord);
      return record.dynamodb === undefined ? undefined : subjectOfChange(record as DynamoDBRecord);
    }).filter((subject) => subject !== undefined);
  }

  return {
    /** Remembers an invocation that begins, if it is about photos that are known. */
    begin({ requestId = "", traceId = "", resource = "", detail }: Activity): Invocation | undefined {
      const payload = String(detail?.payload ?? "null");
      const subjects = subjectsOf(payload);
      if (subjects.length === 0) return undefined;
      const invocation: Invocation = {
        requestId,
        functionName: resource,
        trigger: String(detail?.trigger),
        payload,
        subjects,
        isOfStream: subjects.some(({ sequenceNumber }) => sequenceNumber !== undefined),
        steps: new Map(),
        outputs: new Map(),
        hasUpdated: false,
      };
      byTrace.set(traceId, invocation);
      byRequest.set(requestId, invocation);
      payloads.set(requestId, invocation);
      return invocation;
    },
    ofTrace: (traceId: string | undefined) => (traceId === undefined ? undefined : byTrace.get(traceId)),
    ofRequest: (requestId: string | undefined) => (requestId === undefined ? undefined : byRequest.get(requestId)),
    /** The photo of that key and version. */
    photoOfVersion: (key: string, version: string) => bySequencer.get(`${key}#${sequencerOf(version)}`),
    photoOfSequenceNumber: (sequenceNumber: string) => bySequenceNumber.get(sequenceNumber),
  };
}

/** Which of an invocation's photos a request of its function is about; all, when it does not say. */
export function concernedPhotos(invocation: Invocation, each: Activity) {
  const { service, action, resource = "", detail } = each;
  const photos = [...invocation.steps.keys()];
  if (photos.length <= 1) return photos;
  if (namesThumbnail(each)) {
    const isNamed = ({ key }: PhotoRecord) => each.request?.body?.includes(JSON.stringify(thumbnailKeyOf(key)));
    return photos.filter(isNamed);
  }
  if (service === "events") {
    const told = eventIn(each.request)?.photo.key;
    return told === undefined ? photos : photos.filter(({ key }) => key === told);
  }
  if (service === "s3") {
    const key = resource.slice(resource.indexOf("/") + 1);
    const named = invocation.subjects.filter(
      ({ photo, failureKey }) => [photo.key, failureKey].includes(key) || isThumbnailOf(key, photo.key),
    );
    return [...new Set(named.map(({ photo }) => photo))];
  }
  if (service !== "tinify") return photos;
  const known = invocation.outputs.get(resource);
  if (known !== undefined) return [known];
  if (action !== "Shrink") return photos;
  // The bytes tell which photo it is; of two with as many, one is as good as the other.
  const taken = new Set(invocation.outputs.values());
  const shrunk = photos.find((photo) => photo.size === detail?.inputBytes && !taken.has(photo));
  if (shrunk === undefined) return [];
  invocation.outputs.set(resource, shrunk);
  return [shrunk];
}

/** Whether it is the write by which a profile names its thumbnail: from then on an app can show it. */
export const namesThumbnail = ({ action, request }: Activity): boolean =>
  action === "UpdateItem" && request?.body?.includes(`SET ${THUMBNAIL_ATTRIBUTE}`) === true;
