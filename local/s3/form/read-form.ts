// A multipart/form-data body: the fields before the file, then the file as a stream.

import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy } from "@fastify/busboy";
import { AwsError } from "../../aws-error";
import { rawBody } from "../body/decode";
import { invalidArgument } from "../errors";

/** All fields before the file: 20 KB. */
const MAX_FIELD_BYTES = 20 * 1024;

export interface Form {
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Readable;
  readonly filename: string;
  /** Resolves when the whole body has been read; rejects when it is not well-formed. */
  readonly end: Promise<void>;
  /** Stops reading; the rest of the body is of no interest. */
  stop(): void;
}

/** Reads a form up to its file. */
export async function readForm(request: IncomingMessage): Promise<Form> {
  const busboy = createBusboy(request);
  const stopper = new AbortController();
  const fields = new Map<string, string>();
  let size = 0;
  busboy.on("field", (name: string | undefined, value: string | undefined, _nameTruncated, valueTruncated) => {
    // What has no name is not a field, whatever busboy's types say.
    if (name === undefined || value === undefined) {
      busboy.destroy(malformedForm());
      return;
    }
    size += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (valueTruncated || size > MAX_FIELD_BYTES) busboy.destroy(tooManyFields());
    else if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value);
  });
  const file = new Promise<{ file: Readable; filename: string }>((resolve) => {
    busboy.on("file", (_name, stream, filename) => {
      // Whoever reads the stream gets its errors; until then they must not end the process.
      stream.on("error", () => {});
      resolve({ file: stream, filename: filename ?? "" });
    });
  });
  const end = pipeline(rawBody(request), busboy, { signal: stopper.signal }).catch((error) => {
    throw error instanceof AwsError ? error : malformedForm();
  });
  // Its failure also shows in the file; the one who awaits it comes later.
  end.catch(() => {});
  const noFile = end.then(() => {
    throw invalidArgument("POST requires exactly one file upload per request.", "file", "0");
  });
  const found = await Promise.race([file, noFile]);
  return { ...found, fields, end, stop: () => stopper.abort() };
}

function createBusboy(request: IncomingMessage) {
  try {
    return Busboy({
      headers: { ...request.headers, "content-type": request.headers["content-type"] ?? "" },
      // S3 takes the field's name for it, whatever the part looks like.
      isPartAFile: (name) => name?.toLowerCase() === "file",
      limits: { files: 1, fields: 200, fieldSize: MAX_FIELD_BYTES },
    });
  } catch {
    throw malformedForm();
  }
}

export const malformedForm = () =>
  new AwsError("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.", 400);

const tooManyFields = () =>
  new AwsError(
    "MaxPostPreDataLengthExceeded",
    "Your POST request fields preceding the upload file were too large.",
    400,
    { MaxPostPreDataLength: MAX_FIELD_BYTES },
  );
