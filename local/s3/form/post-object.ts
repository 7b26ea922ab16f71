// POST Object, a browser's upload from a form:
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html

import { AwsError } from "../../aws-error";
import type { Iam } from "../../iam/types";
import { createVerifier, readClaims, type Verified } from "../body/integrity";
import { type Call, type Operation, type State, sendEmpty, sendXml } from "../call";
import { invalidArgument } from "../errors";
import { readEncryption } from "../objects/encryption";
import { metadataOf, readStandardHeaders } from "../objects/metadata";
import {
  authorizeWrite,
  checkWriteHeaders,
  commitObject,
  describeWritten,
  readProtection,
} from "../objects/write-object";
import type { Content, ContentStore } from "../store/content";
import type { ObjectDescription, StoredObject } from "../store/types";
import { parseTaggingDocument } from "../tags";
import { checkKey } from "../target";
import { checkPostPolicy, conditionFailed, type PostPolicy } from "./policy";
import { type Form, malformedForm, readForm } from "./read-form";
import { verifyPostSignature } from "./signature";

/** The size of a form's file when its policy says nothing: 5 GB. */
const ANY_SIZE: PostPolicy = { minSize: 0, maxSize: 5 * 1024 ** 3 };

/** Creates the operation; it finds the signer's key with IAM, since the edge sees no signature in a form. */
export const createPostObject =
  (iam: Iam): Operation =>
  async (state, request) => {
    const form = await readForm(request.request);
    try {
      const { call, sizes, description } = prepare(state, iam, request, form);
      const { content, md5, checksum } = await receiveFile(call, form, state.contents, sizes);
      const written = { ...description, key: call.key, content, etag: md5 };
      const object = { ...written, checksum: { ...checksum, type: "FULL_OBJECT" as const } };
      sendResponse(call, form, commitObject(state, call, object, "Post"));
    } finally {
      form.stop();
    }
  };

/** Everything that can be refused before the first byte of the file. */
function prepare(state: State, iam: Iam, request: Call, { fields, filename }: Form) {
  const keyField = fields.get("key");
  if (keyField === undefined || keyField === "") {
    const message =
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.";
    throw invalidArgument(message, "key", "");
  }
  const key = checkKey(keyField.replaceAll("${filename}", filename));
  request.context.describe("PostObject", `${request.bucket.arn}/${key}`);
  const caller = verifyPostSignature(state.account, iam, fields);
  const policy = fields.get("policy");
  const { name } = request.bucket;
  if ((fields.get("bucket") ?? name) !== name) throw conditionFailed(["eq", "$bucket", name]);
  const sizes = policy === undefined ? ANY_SIZE : checkPostPolicy(policy, new Map([...fields, ["key", key]]), name);
  const call: Call = {
    ...request,
    key,
    context: { ...request.context, caller: { ...caller, requestId: request.context.requestId } },
    // A form has no conditions: what is called like one is a field that S3 does not know.
    header: (name) => (name.startsWith("if-") ? undefined : fields.get(name === "x-amz-acl" ? "acl" : name)),
  };
  checkWriteHeaders(call);
  const tagging = fields.get("tagging");
  const description: ObjectDescription = {
    ...readProtection(state, call),
    headers: readStandardHeaders(call.header),
    metadata: metadataOf([...fields].filter(([name]) => name.startsWith("x-amz-meta-"))),
    tags: tagging === undefined ? new Map() : parseTaggingDocument(tagging),
    sseAlgorithm: readEncryption(call.header, call.bucket),
  };
  authorizeWrite(state, call, description);
  return { call, sizes, description };
}

async function receiveFile(
  call: Call,
  { file, end }: Form,
  contents: ContentStore,
  { minSize, maxSize }: PostPolicy,
): Promise<Verified & { content: Content }> {
  const claims = readClaims(call.header);
  const verifier = createVerifier(claims, undefined, claims.checksum?.algorithm);
  const writer = contents.writer();
  let size = 0;
  try {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxSize) {
        const fields = { ProposedSize: size, MaxSizeAllowed: maxSize };
        throw new AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400, fields);
      }
      verifier.update(chunk);
      await writer.write(chunk);
    }
    await end;
    if (size < minSize) {
      const fields = { ProposedSize: size, MinSizeAllowed: minSize };
      throw new AwsError(
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
        400,
        fields,
      );
    }
    const verified = await verifier.finish(new Map());
    return { ...verified, content: await writer.finish() };
  } catch (error) {
    await writer.discard();
    throw error instanceof AwsError || !file.errored ? error : malformedForm();
  }
}

/** 204, or what the form's `success_action_…` fields ask for. */
function sendResponse(call: Call, { fields }: Form, object: StoredObject): void {
  const { response, bucket, request } = call;
  const location = `http://${request.headers.host ?? ""}/${bucket.name}/${encodeURIComponent(object.key)}`;
  describeWritten(call, object);
  const redirect = redirectTarget(fields.get("success_action_redirect") ?? fields.get("redirect"));
  if (redirect !== undefined) {
    redirect.searchParams.set("bucket", bucket.name);
    redirect.searchParams.set("key", object.key);
    redirect.searchParams.set("etag", `"${object.etag}"`);
    response.setHeader("location", redirect.href);
    sendEmpty(response, 303);
    return;
  }
  response.setHeader("location", location);
  const status = fields.get("success_action_status");
  if (status === "201") {
    const content = { Location: location, Bucket: bucket.name, Key: object.key, ETag: `"${object.etag}"` };
    sendXml(response, "PostResponse", content, { status: 201, namespace: false });
  } else {
    sendEmpty(response, status === "200" ? 200 : 204);
  }
}

/** A malformed URL counts as none. */
function redirectTarget(url: string | undefined): URL | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
}
