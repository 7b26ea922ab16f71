// The aws-chunked framing of a body: `size[;chunk-signature=…]\r\n bytes \r\n … 0 \r\n trailers \r\n`, each signed chunk
// and the trailers verified against the signature before them:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html

import { createHash } from "node:crypto";
import { AwsError } from "../../aws-error";
import type { VerifiedSignature } from "../../service";
import { incompleteBody, invalidRequest } from "../errors";

/** No sender writes longer chunk heads or trailers. */
const MAX_LINE_BYTES = 8 * 1024;

export interface ChunkedMode {
  /** Present when every chunk is signed. */
  readonly signature?: VerifiedSignature;
  readonly hasTrailer: boolean;
}

/** Yields the bytes within the framing and fills `trailers` with what follows them. */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  mode: ChunkedMode,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    yield* decode(createInput(iterator), mode, trailers);
  } finally {
    // A consumer that stops early releases the source, whose rest can then be read and dropped.
    await iterator.return?.();
  }
}

async function* decode(
  input: ReturnType<typeof createInput>,
  { signature, hasTrailer }: ChunkedMode,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const verifier = signature === undefined ? undefined : createVerifier(signature);
  for (;;) {
    const { size, chunkSignature } = parseChunkHead(await input.line());
    let left = size;
    while (left > 0) {
      const bytes = await input.upTo(left);
      left -= bytes.length;
      verifier?.update(bytes);
      yield bytes;
    }
    verifier?.endChunk(chunkSignature);
    if (size === 0) break;
    if ((await input.line()) !== "") throw malformed("chunk data must end in CRLF");
  }
  let trailerText = "";
  for (let line = await input.line(); line !== ""; line = await input.line()) {
    const colon = line.indexOf(":");
    if (!hasTrailer || colon < 1) throw malformedTrailer();
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    trailers.set(name, value);
    if (name !== "x-amz-trailer-signature") trailerText += `${name}:${value}\n`;
  }
  if (hasTrailer) verifier?.endTrailer(trailerText, trailers.get("x-amz-trailer-signature"));
  await input.end();
}

function parseChunkHead(line: string): { size: number; chunkSignature: string | undefined } {
  const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (match?.[1] === undefined) throw malformed(`"${line.slice(0, 100)}" is not a chunk head`);
  return { size: Number.parseInt(match[1], 16), chunkSignature: match[2] };
}

/** Reads lines and runs of bytes off a stream of buffers. */
function createInput(iterator: AsyncIterator<Buffer>) {
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<Buffer> {
    const { done, value } = await iterator.next();
    if (done) throw incompleteBody();
    return value;
  }

  return {
    async line(): Promise<string> {
      for (let end = rest.indexOf("\r\n"); ; end = rest.indexOf("\r\n")) {
        if (end !== -1) {
          const line = rest.toString("latin1", 0, end);
          rest = rest.subarray(end + 2);
          return line;
        }
        if (rest.length > MAX_LINE_BYTES) throw malformed("a chunk head or trailer is too long");
        rest = Buffer.concat([rest, await more()]);
      }
    },
    async upTo(bytes: number): Promise<Buffer> {
      const available = rest.length > 0 ? rest : await more();
      rest = available.subarray(bytes);
      return available.subarray(0, bytes);
    },
    async end(): Promise<void> {
      if (rest.length > 0 || !(await iterator.next()).done) throw malformed("there are bytes after the last chunk");
    },
  };
}

/** Follows the chain of signatures, whose seed is the signature of the request's head. */
function createVerifier(signature: VerifiedSignature) {
  const { date, scope } = signature;
  let previous = signature.signature;
  let hash = createHash("sha256");

  function check(stringToSign: string, given: string | undefined): void {
    const expected = signature.sign(stringToSign);
    if (given !== expected) throw signatureDoesNotMatch();
    previous = expected;
  }

  return {
    update: (bytes: Buffer) => void hash.update(bytes),
    endChunk(given: string | undefined): void {
      const parts = ["AWS4-HMAC-SHA256-PAYLOAD", date, scope, previous, EMPTY_SHA256, hash.digest("hex")];
      check(parts.join("\n"), given);
      hash = createHash("sha256");
    },
    endTrailer(trailerText: string, given: string | undefined): void {
      const trailerHash = createHash("sha256").update(trailerText).digest("hex");
      check(["AWS4-HMAC-SHA256-TRAILER", date, scope, previous, trailerHash].join("\n"), given);
    },
  };
}

const EMPTY_SHA256 = createHash("sha256").digest("hex");

const malformed = (detail: string) => invalidRequest(`The body is not well-formed aws-chunked: ${detail}`);

const malformedTrailer = () =>
  new AwsError(
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    400,
  );

const signatureDoesNotMatch = () =>
  new AwsError(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    403,
  );
