// The journal: listens to the embedded AWS's activities and tells, for each photo, what happened to it and how it ended.
// It knows the way of a photo only by what the activities say, as local/README.md documents them.

import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import { idIn } from "../functions/lib/profile-id";
import type { Activity, ActivityStream } from "../local/activity";
import { createBoundedMap } from "./bounded-map";
import { notesOf, operationOf, subjectOf } from "./describe-step";
import { eventIn } from "./event-sent";
import { meaningOf } from "./expected";
import { concernedPhotos, createInvocations, type Invocation, namesThumbnail } from "./invocations";
import {
  addStep,
  createPhotoRecord,
  type PhotoRecord,
  photoOf,
  type StepRecord,
  timelineOf,
  updateStep,
} from "./photo-record";
import { adoptPictures, noteProgress, noteStart } from "./progress";
import type { Decision, Page, Photo, Step, Timeline } from "./types";

const PHOTOS_KEPT = 2_000;
const PENDING_KEPT = 2_000;
/** A request and its response may be 10 KB each. */
const EXCHANGES_KEPT = 3_000;
/** Operations that bring an object. */
const UPLOADS = ["PutObject", "PostObject", "CopyObject", "CompleteMultipartUpload"];

export interface JournalOptions {
  readonly activity: Pick<ActivityStream, "subscribe">;
  readonly bucket: string;
  readonly failuresBucket: string;
}

/** @param activity one and the same for all photos of a batch */
export type StepListener = (photo: PhotoRecord, activity: Activity, step: Step) => void;

export interface Journal {
  /** The newest photos first. */
  photos(offset: number, limit: number): Page<Photo>;
  photo(id: string): Photo | undefined;
  /** The photo of a profile to which something happened last. */
  latestOf(profileId: string): Photo | undefined;
  timeline(id: string): Timeline | undefined;
  step(photoId: string, stepId: string): StepRecord | undefined;
  /** The newest photo that failed with that record, or else, since Lambda's records of batches are not told of, under one of those keys. */
  failedPhoto(failureKey: string, keys: readonly string[]): string | undefined;
  /**
   * Calls the listener with each step of a photo: when it began and, if it took a while, again when it ended; until the
   * returned function is called.
   */
  onStep(listener: StepListener): () => void;
  /** Calls the listener with the id of each photo of which more is known, until the returned function is called. */
  onChange(listener: (photoId: string) => void): () => void;
  close(): void;
}

export function createJournal({ activity, bucket, failuresBucket }: JournalOptions): Journal {
  const photos = createBoundedMap<string, PhotoRecord>(PHOTOS_KEPT);
  const invocations = createInvocations(photos.get);
  /** Decisions come before the request that they were made on, stream records before the write that made them. */
  const decisions = createBoundedMap<string, Decision[]>(PENDING_KEPT);
  const appends = createBoundedMap<string, Activity>(PENDING_KEPT);
  const exchanges = createBoundedMap<string, StepRecord>(EXCHANGES_KEPT, (oldest) => {
    const { request: _request, response: _response, ...rest } = oldest.activity;
    oldest.activity = rest;
  });
  /** By the profile's number. */
  const latest = createBoundedMap<string, PhotoRecord>(PHOTOS_KEPT);
  const listeners = new Set<(photoId: string) => void>();
  const stepListeners = new Set<StepListener>();
  let lastStep = 0;

  const changed = (photo: PhotoRecord) => {
    if (photo.profileId !== undefined) latest.set(photo.profileId, photo);
    for (const listener of listeners) listener(photo.id);
  };

  function add(photo: PhotoRecord, each: Activity, more: Partial<Step> = {}, invocation?: Invocation): StepRecord {
    const { service, at, ms, error, requestId = "" } = each;
    const meaning = meaningOf(each);
    const step: Step = {
      id: String(++lastStep),
      service,
      action: operationOf(each),
      subject: subjectOf(each),
      at,
      ms,
      error: meaning === undefined ? error : undefined,
      notes: meaning === undefined ? notesOf(each) : [meaning],
      ...more,
    };
    const record: StepRecord = { step, decisions: decisions.get(requestId) ?? [], activity: each, invocation };
    if (each.request !== undefined) exchanges.set(step.id, record);
    noteProgress(photo, each);
    addStep(photo, record);
    for (const listener of stepListeners) listener(photo, each, step);
    changed(photo);
    return record;
  }

  /** An activity of an invocation, in the timelines of the photos that it is about. */
  function addWithin(invocation: Invocation, each: Activity, about = concernedPhotos(invocation, each)): void {
    for (const photo of about) add(photo, each, { within: invocation.steps.get(photo)?.step.id }, invocation);
  }

  function end(photo: PhotoRecord, state: Photo["state"], reason?: string, failureKey?: string): void {
    Object.assign(photo, { state, reason, failureKey });
    if (state === "done") {
      photo.hasThumbnail = true;
      if (photo.thumbnail === undefined) adoptPictures(photo, photos.values());
    }
    changed(photo);
  }

  /** Nothing was done just now: because it had been done before, or for that reason. */
  function pass(photo: PhotoRecord, reason: string): void {
    if (photo.hasThumbnail) end(photo, "done");
    else end(photo, "skipped", reason);
  }

  function photoOfUpload(id: string, key: string, at: number): PhotoRecord {
    const known = photos.get(id);
    if (known !== undefined) return known;
    const photo = createPhotoRecord(id, key, at);
    photos.set(id, photo);
    return photo;
  }

  /** The request that brought a photo; its event has left before the response. */
  function onUpload(each: Activity, key: string): void {
    const known = photos.get(each.requestId ?? "");
    if (known === undefined && each.error !== undefined) return;
    const photo = known ?? photoOfUpload(each.requestId ?? "", key, each.at);
    add(photo, each);
    if (known === undefined)
      end(photo, "skipped", "no function is notified of this key; the stack's filter says which");
  }

  function onNotify(each: Activity): void {
    const key = String(each.detail?.key ?? "");
    if (each.detail?.bucket !== bucket || !key.startsWith(ORIGINAL_PREFIX)) return;
    add(photoOfUpload(each.requestId ?? "", key, each.at), each);
  }

  function onStart(each: Activity): void {
    const invocation = invocations.begin(each);
    if (invocation === undefined) return;
    const { subjects, steps, trigger } = invocation;
    const notes = [`by ${trigger}`, ...(subjects.length > 1 ? [`batch of ${subjects.length}`] : [])];
    const begun = { ...each, action: "Invoke", detail: undefined };
    for (const { photo, profileId } of subjects) {
      photo.profileId = profileId ?? photo.profileId;
      noteStart(photo, invocation.isOfStream);
      const record = add(photo, begun, { isRunning: true, notes }, invocation);
      steps.set(photo, record);
    }
  }

  function onInvoked(each: Activity): void {
    // Not by its request: an event that comes twice has but one, and its two invocations may run side by side.
    const invocation = invocations.ofTrace(each.traceId);
    if (invocation === undefined || each.detail === undefined) return;
    const { ms, error } = each;
    for (const [photo, record] of invocation.steps) {
      updateStep(photo, record, { ms, error, isRunning: false, notes: [...notesOf(each), ...record.step.notes] });
      if (photo.state === "running") settle(photo, invocation, error);
      for (const listener of stepListeners) listener(photo, each, record.step);
      changed(photo);
    }
  }

  /** What the end of an invocation means for a photo of which nothing else has told the end. */
  function settle(photo: PhotoRecord, invocation: Invocation, error: string | undefined): void {
    const { trigger, hasUpdated, functionName, isOfStream } = invocation;
    // The queue and the mapping tell themselves whether they try again, give up, or are done with a batch.
    const isByHand = trigger === "Invoke";
    if (isByHand && (error !== undefined || isOfStream)) end(photo, "failed", error ?? photo.reason, photo.failureKey);
    else if (error === undefined && !isOfStream && !hasUpdated) {
      pass(photo, `${functionName} changed no profile; its log says why`);
    }
  }

  function onWithin(invocation: Invocation, each: Activity): void {
    const { service, action, resource = "", error, requestId = "" } = each;
    const about = concernedPhotos(invocation, each);
    addWithin(invocation, each, about);
    const append = appends.take(requestId);
    if (append !== undefined) {
      const [key] = Array.isArray(append.detail?.keys) ? append.detail.keys : [];
      for (const photo of about) photo.profileId = idIn(key) ?? photo.profileId;
      addWithin(invocation, append, about);
    }
    if (action === "UpdateItem" && error === undefined) {
      invocation.hasUpdated = true;
      if (namesThumbnail(each)) for (const photo of about) end(photo, "done");
    }
    if (service !== "s3" || action !== "PutObject" || error !== undefined) return;
    const failureKey = keyIn(failuresBucket, resource);
    if (failureKey !== undefined) for (const photo of about) end(photo, "failed", undefined, failureKey);
  }

  /** What the asynchronous queue tells of an event. */
  function onAsync(each: Activity): void {
    const invocation = invocations.ofRequest(each.requestId);
    if (invocation === undefined) return;
    for (const [photo, { step }] of invocation.steps) {
      // What becomes of an attempt belongs to it; that there will be none any more, to all of them.
      add(photo, each, each.action === "AsyncRetry" ? { within: step.id } : {});
      const key = each.detail?.key;
      if (each.action === "AsyncDiscard") end(photo, "failed", each.error, typeof key === "string" ? key : undefined);
    }
  }

  /** What the mapping tells of a batch. */
  function onBatch(each: Activity): void {
    const numbers = Array.isArray(each.detail?.sequenceNumbers) ? each.detail.sequenceNumbers : [];
    const attempt = invocations.ofRequest(String(each.detail?.requestId));
    const concerned = new Set(numbers.map((number) => invocations.photoOfSequenceNumber(String(number))));
    for (const photo of concerned) {
      if (photo === undefined) continue;
      if (each.error !== undefined) add(photo, each, { within: attempt?.steps.get(photo)?.step.id });
      if (each.action === "StreamBatchDiscarded") end(photo, "failed", each.error);
      else if (each.error === undefined && photo.state === "running") end(photo, "done");
    }
  }

  /** The event of a photo that failed, sent by a function that knows its record alone. */
  function onTold(each: Activity): void {
    const { photo: { key, version } = {}, record } = eventIn(each.request) ?? {};
    if (key === undefined || version === undefined) return;
    const photo =
      invocations.photoOfVersion(key, version) ?? photos.values().findLast(({ failureKey }) => failureKey === record);
    if (photo !== undefined) add(photo, each);
  }

  /** A failure record is removed when its event has been redriven and brought nothing new, was superseded, or by hand. */
  function onRemoved(failureKey: string): void {
    const failed = photos.values().filter((photo) => photo.failureKey === failureKey && photo.state === "failed");
    for (const photo of failed) pass(photo, "its failure record is gone: nothing was left to do, or it was discarded");
  }

  function on(each: Activity): void {
    const { service, action, requestId = "", traceId, resource = "" } = each;
    const invocation = service === "lambda" ? undefined : invocations.ofTrace(traceId);
    if (service === "iam") onDecision(each);
    else if (action === "Notify") onNotify(each);
    else if (action === "StreamAppend") appends.set(requestId, each);
    else if (service === "lambda") onLambda(each);
    else if (invocation !== undefined) onWithin(invocation, each);
    else if (service === "events") onTold(each);
    else if (service === "s3" && action === "DeleteObject") onRemoved(keyIn(failuresBucket, resource) ?? "");
    else if (service === "s3" && UPLOADS.includes(action)) {
      const key = keyIn(bucket, resource);
      if (key?.startsWith(ORIGINAL_PREFIX)) onUpload(each, key);
    }
  }

  function onLambda(each: Activity): void {
    const { action } = each;
    if (action === "Start") onStart(each);
    else if (action === "Invoke") onInvoked(each);
    else if (action.startsWith("Async") || action === "DestinationDeliveryFailures") onAsync(each);
    else if (action.startsWith("StreamBatch")) onBatch(each);
  }

  function onDecision({ requestId, resource = "", detail }: Activity): void {
    if (requestId === undefined) return;
    const decision = {
      action: String(detail?.action),
      resource,
      decision: String(detail?.decision),
      reason: String(detail?.reason),
    };
    decisions.set(requestId, [...(decisions.get(requestId) ?? []), decision]);
  }

  const unsubscribe = activity.subscribe(on);
  return {
    latestOf(profileId) {
      const photo = latest.get(profileId);
      return photo && photoOf(photo);
    },
    photo(id) {
      const photo = photos.get(id);
      return photo && photoOf(photo);
    },
    photos(offset, limit) {
      const all = photos.values().reverse();
      return { items: all.slice(offset, offset + limit).map(photoOf), offset, total: all.length };
    },
    timeline(id) {
      const photo = photos.get(id);
      return photo && timelineOf(photo);
    },
    step: (photoId, stepId) => photos.get(photoId)?.steps.find(({ step }) => step.id === stepId),
    failedPhoto(failureKey, keys) {
      const failed = photos.values().filter(({ state }) => state === "failed");
      const isIt = (photo: PhotoRecord) => photo.failureKey === failureKey;
      const mayBe = (photo: PhotoRecord) => photo.failureKey === undefined && keys.includes(photo.key);
      return (failed.findLast(isIt) ?? failed.findLast(mayBe))?.id;
    },
    onStep: (listener) => subscribe(stepListeners, listener),
    onChange: (listener) => subscribe(listeners, listener),
    close: unsubscribe,
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The key of an S3 ARN, if it is in that bucket. */
function keyIn(bucket: string, resource: string): string | undefined {
  const prefix = `arn:aws:s3:::${bucket}/`;
  return resource.startsWith(prefix) ? resource.slice(prefix.length) : undefined;
}
