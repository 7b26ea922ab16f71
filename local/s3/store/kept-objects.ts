// Objects and uploads in the journal, so that they are there after a restart. Their bytes are in files of their own, which
// the content store writes.

import { basename } from "node:path";
import type { Journal } from "../../data/journal";
import type { Content, ContentStore } from "./content";
import type { FileRange } from "./pieces";
import type { Bucket, StoredObject, Upload, UploadedPart, Version } from "./types";

export const BUCKET = "bucket";
const VERSION = "object version";
const UPLOAD = "upload";
const PART = "part";
/** The last sequencer stands for all buckets. */
const SEQUENCER = "sequencer";

export interface KeptObjects {
  /** What the bucket had, if it was there before; remembers it otherwise. */
  restore(bucket: Bucket): { readonly created: Date } | undefined;
  lastSequencer(): string | undefined;
  /** Of a new version. */
  putVersion(bucket: Bucket, version: Version): void;
  replaceVersion(bucket: Bucket, version: Version): void;
  removeVersion(bucket: Bucket, version: Version, sequencer: string): void;
  putUpload(bucket: Bucket, upload: Upload): void;
  putPart(bucket: Bucket, upload: Upload, part: UploadedPart): void;
  removeUpload(bucket: Bucket, upload: Upload): void;
}

/** Takes what the journal has of all buckets; files that nothing refers to any more are removed. */
export function createKeptObjects(journal: Journal, contents: ContentStore): KeptObjects {
  const versions = takeAll(VERSION, (value) => versionOf(value, contents));
  const uploads = takeAll(UPLOAD, uploadOf);
  const parts = takeAll(PART, (value) => partOf(value, contents));
  contents.removeUnused();

  function takeAll<T>(kind: string, of: (value: never) => T): Map<string, [name: string, value: T][]> {
    const found = journal.owners(kind).map((owner): [string, [string, T][]] => {
      const values = [...journal.take(kind, owner)];
      return [owner, values.map(([name, value]) => [name, of(value as never)])];
    });
    return new Map(found);
  }

  const nameOf = ({ key, versionId }: Version) => JSON.stringify([key, versionId]);
  const partName = ({ uploadId }: Upload, partNumber: number) => JSON.stringify([uploadId, partNumber]);

  return {
    restore(bucket) {
      const { name } = bucket;
      const known = journal.take(BUCKET, name).get("") as { created: string } | undefined;
      if (known === undefined) journal.claim(BUCKET, name, { created: bucket.created.toISOString() });
      const newestFirst = (versions.get(name) ?? []).sort(([, a], [, b]) => (a.sequencer < b.sequencer ? 1 : -1));
      for (const [, version] of newestFirst) {
        bucket.versions.set(version.key, [...(bucket.versions.get(version.key) ?? []), version]);
      }
      for (const [uploadId, upload] of uploads.get(name) ?? []) bucket.uploads.set(uploadId, upload);
      for (const [of, part] of parts.get(name) ?? []) {
        const [uploadId] = JSON.parse(of) as [string, number];
        bucket.uploads.get(uploadId)?.parts.set(part.partNumber, part);
      }
      return known && { created: new Date(known.created) };
    },
    lastSequencer: () => journal.take(SEQUENCER, "").get("") as string | undefined,
    putVersion(bucket, version) {
      journal.write([
        [VERSION, bucket.name, nameOf(version), valueOfVersion(version)],
        [SEQUENCER, "", "", version.sequencer],
      ]);
    },
    replaceVersion: (bucket, version) =>
      journal.write([[VERSION, bucket.name, nameOf(version), valueOfVersion(version)]]),
    removeVersion(bucket, version, sequencer) {
      journal.write([
        [VERSION, bucket.name, nameOf(version), null],
        [SEQUENCER, "", "", sequencer],
      ]);
    },
    putUpload: (bucket, upload) => journal.write([[UPLOAD, bucket.name, upload.uploadId, valueOfUpload(upload)]]),
    putPart(bucket, upload, part) {
      journal.write([
        [PART, bucket.name, partName(upload, part.partNumber), { ...part, content: rangesOf(part.content) }],
      ]);
    },
    removeUpload(bucket, upload) {
      journal.write([
        [UPLOAD, bucket.name, upload.uploadId, null],
        ...[...upload.parts.keys()].map((number) => [PART, bucket.name, partName(upload, number), null] as const),
      ]);
    },
  };
}

/** Where its bytes lie; of what is kept none are in memory. */
const rangesOf = (content: Content): FileRange[] =>
  content.pieces(0, content.size).map((piece) => {
    if ("buffer" in piece) throw new Error("the bytes of an object that is to be kept are in memory");
    return { ...piece, path: basename(piece.path) };
  });

type Written<T> = {
  readonly [Member in keyof T]: T[Member] extends ReadonlyMap<string, string>
    ? [string, string][]
    : T[Member] extends Date
      ? string
      : T[Member] extends Content
        ? FileRange[]
        : T[Member];
};

const valueOfVersion = (version: Version): unknown =>
  version.kind === "delete marker"
    ? version
    : {
        ...version,
        metadata: [...version.metadata],
        tags: [...version.tags],
        content: rangesOf(version.content),
      };

function versionOf(
  value: Written<StoredObject> | (Written<Version> & { kind: "delete marker" }),
  contents: ContentStore,
): Version {
  const lastModified = new Date(value.lastModified);
  if (value.kind === "delete marker") return { ...value, lastModified };
  const { metadata, tags, content } = value;
  return {
    ...value,
    lastModified,
    metadata: new Map(metadata),
    tags: new Map(tags),
    content: contents.restore(content),
  };
}

const valueOfUpload = ({ parts: _parts, metadata, tags, ...upload }: Upload): unknown => ({
  ...upload,
  metadata: [...metadata],
  tags: [...tags],
});

const uploadOf = (value: Written<Omit<Upload, "parts">>): Upload => ({
  ...value,
  initiated: new Date(value.initiated),
  metadata: new Map(value.metadata),
  tags: new Map(value.tags),
  parts: new Map(),
});

const partOf = (value: Written<UploadedPart>, contents: ContentStore): UploadedPart => ({
  ...value,
  lastModified: new Date(value.lastModified),
  content: contents.restore(value.content),
});
