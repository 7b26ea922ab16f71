// Buckets, objects and uploads in memory, without HTTP; each change is kept as well, where something keeps it. A write
// replaces an object in one step: readers hold on to the content they began with.

import type { Account } from "../../account";
import type { PublicAccessBlock } from "../bucket/types";
import { bucketAlreadyExists, bucketAlreadyOwned, noSuchBucket, noSuchUpload } from "../errors";
import type { KeptObjects } from "./kept-objects";
import type { Bucket, DeleteMarker, NewObject, StoredObject, Upload, UploadedPart, Version } from "./types";
import { addVersion, nextVersionId, removeVersion, replaceVersion, versionsOf } from "./versions";

/** New buckets block public access: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html */
const BLOCK_ALL: PublicAccessBlock = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

export type Store = ReturnType<typeof createStore>;

export function createStore(account: Account, kept?: KeptObjects) {
  const buckets = new Map<string, Bucket>();
  let lastSequence = BigInt(`0x${kept?.lastSequencer() ?? 0}`);

  /** Grows with every write of the account, also within one millisecond and when the clock goes back. */
  function nextSequencer(): string {
    const clock = BigInt(Date.now()) << 16n;
    lastSequence = clock > lastSequence ? clock : lastSequence + 1n;
    return lastSequence.toString(16).toUpperCase().padStart(18, "0");
  }

  /** What tells the bucket's next version from those before. */
  function nextVersion(bucket: Bucket): Pick<StoredObject, "versionId" | "lastModified" | "sequencer"> {
    // S3 keeps whole seconds only, as Last-Modified shows them.
    const lastModified = new Date(Math.floor(Date.now() / 1000) * 1000);
    return { versionId: nextVersionId(bucket), lastModified, sequencer: nextSequencer() };
  }

  return {
    buckets: () => [...buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),

    hasBucket: (name: string) => buckets.has(name),

    bucket(name: string): Bucket {
      const bucket = buckets.get(name);
      if (bucket === undefined) throw noSuchBucket(name);
      return bucket;
    },

    createBucket(name: string, owner = account.accountId): Bucket {
      const there = buckets.get(name);
      if (there !== undefined) throw there.owner === owner ? bucketAlreadyOwned(name) : bucketAlreadyExists(name);
      const fresh: Bucket = {
        name,
        owner,
        arn: `arn:aws:s3:::${name}`,
        created: new Date(),
        versions: new Map(),
        uploads: new Map(),
        publicAccessBlock: BLOCK_ALL,
        objectOwnership: "BucketOwnerEnforced",
        sseAlgorithm: "AES256",
        kmsMasterKeyId: undefined,
        bucketKeyEnabled: false,
        blockedEncryptionTypes: undefined,
        tags: new Map(),
        cors: [],
        notifications: [],
      };
      const bucket = { ...fresh, ...kept?.restore(fresh) };
      buckets.set(name, bucket);
      return bucket;
    },

    /** Removes a bucket without objects; uploads that were never completed go with it. */
    deleteBucket(bucket: Bucket): void {
      buckets.delete(bucket.name);
      for (const { parts } of bucket.uploads.values()) for (const { content } of parts.values()) content.release();
    },

    /** Puts an object in the place of the one before, which stays as a version if the bucket keeps them; takes over the content. */
    putObject(bucket: Bucket, object: NewObject): StoredObject {
      const stored: StoredObject = { ...object, kind: "object", size: object.content.size, ...nextVersion(bucket) };
      kept?.putVersion(bucket, stored);
      addVersion(bucket, stored);
      return stored;
    },

    /** Puts a version in its own place: with other tags, or another access control list. */
    replaceObject(bucket: Bucket, object: StoredObject): void {
      kept?.replaceVersion(bucket, object);
      replaceVersion(bucket, object);
    },

    /** Hides a key behind a delete marker. */
    putDeleteMarker(bucket: Bucket, key: string): DeleteMarker {
      const marker: DeleteMarker = { kind: "delete marker", key, ...nextVersion(bucket) };
      kept?.putVersion(bucket, marker);
      addVersion(bucket, marker);
      return marker;
    },

    /** Removes a version for good; returns the sequencer of the removal, or nothing when it was gone. */
    deleteVersion(bucket: Bucket, version: Version): { sequencer: string } | undefined {
      if (!versionsOf(bucket, version.key).includes(version)) return undefined;
      const sequencer = nextSequencer();
      kept?.removeVersion(bucket, version, sequencer);
      removeVersion(bucket, version);
      return { sequencer };
    },

    beginUpload(bucket: Bucket, upload: Upload): void {
      kept?.putUpload(bucket, upload);
      bucket.uploads.set(upload.uploadId, upload);
    },

    /** Puts a part in the place of an earlier one; takes over its content. */
    putPart(bucket: Bucket, upload: Upload, part: UploadedPart): void {
      const before = upload.parts.get(part.partNumber);
      kept?.putPart(bucket, upload, part);
      upload.parts.set(part.partNumber, part);
      before?.content.release();
    },

    upload(bucket: Bucket, key: string, uploadId: string): Upload {
      const upload = bucket.uploads.get(uploadId);
      if (upload === undefined || upload.key !== key) throw noSuchUpload(uploadId);
      return upload;
    },

    /** Ends an upload, completed or aborted: its parts are released. */
    endUpload(bucket: Bucket, upload: Upload): void {
      kept?.removeUpload(bucket, upload);
      bucket.uploads.delete(upload.uploadId);
      for (const part of upload.parts.values()) part.content.release();
    },
  };
}
