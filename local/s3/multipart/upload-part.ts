// UploadPart and UploadPartCopy: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html

import { AwsError } from "../../aws-error";
import { checksumElement, checksumHeader } from "../body/checksums";
import { createVerifier, readClaims, type Verified } from "../body/integrity";
import { receiveContent } from "../body/receive";
import { type Call, type Operation, type State, sendEmpty, sendXml } from "../call";
import { invalidArgument, invalidRequest } from "../errors";
import { readCopySource } from "../objects/copy-object";
import { setEncryption } from "../objects/encryption";
import type { Content } from "../store/content";
import { readContent } from "../store/read-content";
import type { Upload, UploadedPart } from "../store/types";
import { findUpload } from "./uploads";

const MAX_PART_NUMBER = 10_000;

export const uploadPart: Operation = async (state, call) => {
  const { access, contents } = state;
  access.authorize(call.context, "s3:PutObject", call.bucket, call.key);
  const partNumber = readPartNumber(call);
  const upload = findUpload(state, call);
  checkAlgorithm(upload, call);
  const { content, ...verified } = await receiveContent(call, contents, upload.algorithm);
  const part = addPart(state, call, partNumber, content, verified);
  setEncryption(call.response, upload);
  call.response.setHeader("etag", `"${part.etag}"`);
  call.response.setHeader(checksumHeader(upload.algorithm), part.checksum);
  sendEmpty(call.response);
};

export const uploadPartCopy: Operation = async (state, call) => {
  const { access, contents } = state;
  access.authorize(call.context, "s3:PutObject", call.bucket, call.key);
  const partNumber = readPartNumber(call);
  const upload = findUpload(state, call);
  const { object } = readCopySource(state, call);
  const { start, end } = readCopyRange(call, object.size);
  const content = contents.slice(object.content, start, end);
  try {
    const verifier = createVerifier({}, undefined, upload.algorithm);
    for await (const chunk of readContent(content)) verifier.update(chunk);
    const part = addPart(state, call, partNumber, content.retain(), await verifier.finish(new Map()));
    setEncryption(call.response, upload);
    sendXml(call.response, "CopyPartResult", {
      LastModified: part.lastModified.toISOString(),
      ETag: `"${part.etag}"`,
      [checksumElement(upload.algorithm)]: part.checksum,
    });
  } finally {
    content.release();
  }
};

/** Puts a part in the place of an earlier one; an upload that ended meanwhile takes none. */
function addPart(state: State, call: Call, partNumber: number, content: Content, verified: Verified): UploadedPart {
  try {
    const upload = findUpload(state, call);
    const part = {
      partNumber,
      content,
      etag: verified.md5,
      lastModified: new Date(),
      checksum: verified.checksum.value,
    };
    state.store.putPart(call.bucket, upload, part);
    return part;
  } catch (error) {
    content.release();
    throw error;
  }
}

/** An upload that was created with an algorithm takes no part without or with another. */
function checkAlgorithm({ algorithm, checksumRequired }: Upload, { header }: Call): void {
  const sent = readClaims(header).checksum?.algorithm;
  if (!checksumRequired || sent === algorithm) return;
  const actual = sent?.toLowerCase() ?? "null";
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${actual}`,
  );
}

function readPartNumber({ query }: Call): number {
  const value = query.get("partNumber") ?? "";
  const partNumber = Number(value);
  if (!/^\d+$/.test(value) || partNumber < 1 || partNumber > MAX_PART_NUMBER) {
    const message = "Part number must be an integer between 1 and 10000, inclusive";
    throw invalidArgument(message, "partNumber", value);
  }
  return partNumber;
}

function readCopyRange({ header }: Call, size: number): { start: number; end: number } {
  const range = header("x-amz-copy-source-range");
  if (range === undefined) return { start: 0, end: size };
  const [, first = "", last = ""] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === "" || Number(last) < Number(first)) {
    const message =
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy";
    throw invalidArgument(message, "x-amz-copy-source-range", range);
  }
  if (Number(last) >= size) {
    const message = `Range specified is not valid for source object of size: ${size}`;
    throw new AwsError("InvalidArgument", message, 400, {
      ArgumentName: "x-amz-copy-source-range",
      ArgumentValue: range,
    });
  }
  return { start: Number(first), end: Number(last) + 1 };
}
