// The versions of a bucket's keys, newest first. A bucket that never had versioning keeps one version of a key, called
// `null`, and so does a bucket whose versioning is suspended, beside those that it had before:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html

import { randomBytes } from "node:crypto";
import type { Bucket, StoredObject, Version } from "./types";

/** The id of versions that are made without versioning. */
export const NULL_VERSION = "null";

/** What the next version of the bucket is called: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html#version-ids */
export const nextVersionId = ({ versioning }: Bucket): string =>
  versioning === "Enabled" ? randomBytes(24).toString("base64url").replaceAll("-", ".") : NULL_VERSION;

/** Whether a text has the form of a version's id. */
export const isVersionId = (text: string): boolean => text === NULL_VERSION || /^[\w.]{32}$/.test(text);

/** All versions of a key, newest first. */
export const versionsOf = ({ versions }: Bucket, key: string): readonly Version[] => versions.get(key) ?? [];

/** The object that a request without a version means: none when the newest version is a delete marker. */
export function currentObject(bucket: Bucket, key: string): StoredObject | undefined {
  const [newest] = versionsOf(bucket, key);
  return newest?.kind === "object" ? newest : undefined;
}

/** The current object of every key that has one. */
export function* currentObjects({ versions }: Bucket): Generator<StoredObject> {
  for (const [newest] of versions.values()) if (newest?.kind === "object") yield newest;
}

/** The version of that id, or without one the newest; it may be a delete marker. */
export const findVersion = (bucket: Bucket, key: string, versionId: string | undefined): Version | undefined =>
  versionsOf(bucket, key).find((version) => versionId === undefined || version.versionId === versionId);

/** Makes a version the newest of its key; there is only one `null` version, so an earlier one goes. */
export function addVersion(bucket: Bucket, version: Version): void {
  const before = versionsOf(bucket, version.key);
  const kept =
    version.versionId === NULL_VERSION ? before.filter(({ versionId }) => versionId !== NULL_VERSION) : before;
  bucket.versions.set(version.key, [version, ...kept]);
  for (const gone of before) if (!kept.includes(gone)) release(gone);
}

/** Puts a version in the place of the one of its id. */
export function replaceVersion(bucket: Bucket, version: Version): void {
  const versions = versionsOf(bucket, version.key);
  bucket.versions.set(
    version.key,
    versions.map((each) => (each.versionId === version.versionId ? version : each)),
  );
}

/** Removes one version for good; the one before it becomes the newest. */
export function removeVersion(bucket: Bucket, { key, versionId }: Version): void {
  const before = versionsOf(bucket, key);
  const kept = before.filter((version) => version.versionId !== versionId);
  if (kept.length === 0) bucket.versions.delete(key);
  else bucket.versions.set(key, kept);
  for (const gone of before) if (!kept.includes(gone)) release(gone);
}

function release(version: Version): void {
  if (version.kind === "object") version.content.release();
}
