// Takes a request's body in: decoded, checked against every claim, and only then handed over. What fails leaves nothing.

import type { Call } from "../call";
import { invalidRequest, malformedXml } from "../errors";
import type { Content, ContentStore } from "../store/content";
import type { ChecksumAlgorithm } from "./checksums";
import { decodeBody, planBody } from "./decode";
import { createVerifier, readClaims, type Verified } from "./integrity";

/** The largest request document: 10,000 parts with checksums, or 1,000 long keys. */
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

export interface Received extends Verified {
  readonly content: Content;
}

/** Receives the bytes of an object or part; the caller owns the content. */
export async function receiveContent(
  call: Call,
  contents: ContentStore,
  algorithm?: ChecksumAlgorithm,
): Promise<Received> {
  const claims = readClaims(call.header);
  const plan = planBody(call.request, call.context);
  const verifier = createVerifier(claims, plan.sha256, algorithm ?? claims.checksum?.algorithm);
  const writer = contents.writer();
  const trailers = new Map<string, string>();
  try {
    for await (const chunk of decodeBody(call.request, call.context, plan, trailers)) {
      verifier.update(chunk);
      await writer.write(chunk);
    }
    const verified = await verifier.finish(trailers);
    return { ...verified, content: await writer.finish() };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Refuses a request whose headers have no checksum of its body. */
export function requireChecksum({ header }: Pick<Call, "header">): void {
  const { md5, checksum } = readClaims(header);
  if (md5 !== undefined || checksum !== undefined) return;
  throw invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
}

/**
 * Receives a request document.
 * @param checksum whether the head must have one of the document, or the one it has is of something else: an object
 */
export async function receiveDocument(
  call: Pick<Call, "request" | "context" | "header">,
  checksum: "required" | "of object",
): Promise<string> {
  const claims = checksum === "required" ? readClaims(call.header) : {};
  if (checksum === "required") requireChecksum(call);
  const plan = planBody(call.request, call.context);
  if (plan.size > MAX_DOCUMENT_BYTES) throw malformedXml();
  const verifier = createVerifier(claims, plan.sha256, claims.checksum?.algorithm);
  const chunks: Buffer[] = [];
  const trailers = new Map<string, string>();
  for await (const chunk of decodeBody(call.request, call.context, plan, trailers)) {
    verifier.update(chunk);
    chunks.push(chunk);
  }
  await verifier.finish(trailers);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw malformedXml();
  }
}
