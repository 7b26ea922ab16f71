// CopyObject: shares the source's bytes where it can and reads them only for a checksum that it does not have yet:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html

import { AwsError } from "../../aws-error";
import { type Access, existingTags, readVersionId, versionAction } from "../access";
import { checksumElement } from "../body/checksums";
import { createVerifier, readAlgorithm } from "../body/integrity";
import { type Call, type Operation, type State, sendXml } from "../call";
import { invalidArgument, invalidRequest } from "../errors";
import { readContent } from "../store/read-content";
import type { Bucket, ObjectDescription, StoredObject } from "../store/types";
import { currentObject } from "../store/versions";
import { parseCopySource } from "../target";
import { checkCopySource } from "./conditions";
import { ENCRYPTION_HEADER, setEncryption } from "./encryption";
import { authorizeWrite, checkWriteHeaders, commitObject, readDescription } from "./write-object";

/** The largest object that one CopyObject copies: 5 GB. */
const MAX_COPY_BYTES = 5 * 1024 ** 3;

export const copyObject: Operation = async (state, call) => {
  checkWriteHeaders(call);
  const { bucket: sourceBucket, object: source, versionId } = readCopySource(state, call);
  const metadataDirective = directive(call, "x-amz-metadata-directive");
  const taggingDirective = directive(call, "x-amz-tagging-directive");
  if (source.size > MAX_COPY_BYTES) {
    throw invalidRequest(
      "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
    );
  }
  // An earlier version comes back by being copied over the current one.
  const isSelf = sourceBucket === call.bucket && source === currentObject(call.bucket, call.key);
  // To name an encryption counts as a change, even the same one.
  const namesEncryption = call.header(ENCRYPTION_HEADER) !== undefined;
  if (isSelf && metadataDirective === "COPY" && taggingDirective === "COPY" && !namesEncryption) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const sent = readDescription(state, call);
  const described = metadataDirective === "COPY" ? source : sent;
  const description: ObjectDescription = {
    headers: described.headers,
    metadata: described.metadata,
    tags: taggingDirective === "COPY" ? source.tags : sent.tags,
    sseAlgorithm: sent.sseAlgorithm,
    acl: sent.acl,
    retention: sent.retention,
    legalHold: sent.legalHold,
  };
  if (taggingDirective === "COPY" && source.tags.size > 0) {
    const conditions = existingTags(source.tags);
    const action = versionAction("s3:GetObjectTagging", versionId);
    state.access.authorize(call.context, action, sourceBucket, source.key, conditions, source);
  }
  authorizeWrite(state, call, description);

  const content = source.content.retain();
  const { etag, checksum } = await describeCopy(source, call).catch((error) => {
    content.release();
    throw error;
  });
  const stored = commitObject(state, call, { ...description, key: call.key, content, etag, checksum }, "Copy");
  setEncryption(call.response, stored);
  sendXml(call.response, "CopyObjectResult", {
    ETag: `"${stored.etag}"`,
    LastModified: stored.lastModified.toISOString(),
    ChecksumType: stored.checksum.type,
    [checksumElement(stored.checksum.algorithm)]: stored.checksum.value,
  });
};

export interface CopySource {
  readonly bucket: Bucket;
  readonly object: StoredObject;
  /** The version that the request names. */
  readonly versionId: string | undefined;
}

/** The bucket and object of `x-amz-copy-source`, allowed and with its conditions met. */
export function readCopySource({ store, access }: State, call: Call): CopySource {
  const source = call.header("x-amz-copy-source") ?? "";
  const [path = "", version] = source.split("?versionId=");
  const target = parseCopySource(path);
  if (target.bucket === undefined || target.key === undefined) {
    const message = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey";
    throw invalidArgument(message, "x-amz-copy-source", source);
  }
  const bucket = store.bucket(target.bucket);
  const versionId = readVersionId(bucket, version);
  const object = readSourceObject(access, call, bucket, target.key, versionId);
  checkCopySource(call.header, object);
  if (bucket.versioning !== undefined) {
    call.response.setHeader("x-amz-copy-source-version-id", object.versionId);
  }
  return { bucket, object, versionId };
}

function readSourceObject(access: Access, { context }: Call, bucket: Bucket, key: string, versionId?: string) {
  try {
    return access.readObject(context, "s3:GetObject", bucket, key, versionId);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "MethodNotAllowed") throw error;
    throw invalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.");
  }
}

function directive({ header }: Call, name: string): "COPY" | "REPLACE" {
  const value = header(name) ?? "COPY";
  if (value !== "COPY" && value !== "REPLACE") {
    const what = name === "x-amz-metadata-directive" ? "metadata" : "tagging";
    throw invalidArgument(`Unknown ${what} directive.`, name, value);
  }
  return value;
}

/** A copy is one part: what was uploaded in parts gets a plain ETag and checksum. */
async function describeCopy(source: StoredObject, { header }: Call): Promise<Pick<StoredObject, "etag" | "checksum">> {
  const algorithm = readAlgorithm(header("x-amz-checksum-algorithm")) ?? source.checksum.algorithm;
  const isPlain = source.partSizes === undefined && source.checksum.type === "FULL_OBJECT";
  if (isPlain && algorithm === source.checksum.algorithm) return source;
  const verifier = createVerifier({}, undefined, algorithm);
  for await (const chunk of readContent(source.content)) verifier.update(chunk);
  const { md5, checksum } = await verifier.finish(new Map());
  return { etag: md5, checksum: { ...checksum, type: "FULL_OBJECT" } };
}
