// An S3 of a few objects in memory, as an SDK client sees it: the same errors, ETags and conditions, and no network.

import { Readable } from "node:stream";
import { NoSuchKey, NotFound, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";

export interface FakeObject {
  readonly body: Buffer;
  readonly eTag: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly encryption?: string;
  readonly tagging?: string;
  /** Metadata that S3 counts but leaves out. */
  readonly missingMeta?: number;
  /** What the head of the answer claims, when it is not the body's length. */
  readonly contentLength?: number;
}

interface Input {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body?: string | Uint8Array;
  readonly ContentType?: string;
  readonly CacheControl?: string;
  readonly ServerSideEncryption?: string;
  readonly Metadata?: Record<string, string>;
  readonly Tagging?: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Input;
}

const metadataOf = (httpStatusCode: number) => ({ $metadata: { httpStatusCode }, message: "" });

/** An error of S3 that has no class of its own. */
export const s3Error = (name: string, status: number) =>
  new S3ServiceException({ name, $fault: status < 500 ? "client" : "server", ...metadataOf(status) });

export function createFakeS3() {
  const objects = new Map<string, FakeObject>();
  const calls: string[] = [];
  const faults = new Map<string, unknown>();
  const hanging = new Set<string>();
  const aborted: string[] = [];
  const bodies: Readable[] = [];
  const interruptions = new Map<string, () => void>();
  let writes = 0;

  const operations: Record<string, (input: Input) => unknown> = {
    HeadObject({ Bucket, Key, IfMatch }) {
      const object = objects.get(`${Bucket}/${Key}`);
      if (object === undefined) throw new NotFound(metadataOf(404));
      if (IfMatch !== undefined && IfMatch !== `"${object.eTag}"`) throw s3Error("PreconditionFailed", 412);
      return { ETag: `"${object.eTag}"`, Metadata: object.metadata, MissingMeta: object.missingMeta };
    },
    GetObject({ Bucket, Key, IfMatch }) {
      const object = objects.get(`${Bucket}/${Key}`);
      if (object === undefined) throw new NoSuchKey(metadataOf(404));
      if (IfMatch !== undefined && IfMatch !== `"${object.eTag}"`) throw s3Error("PreconditionFailed", 412);
      const { body, eTag, metadata: Metadata, contentType: ContentType } = object;
      const { contentLength: ContentLength = body.length } = object;
      // In two pieces, as a body never comes in one.
      const half = Math.floor(body.length / 2);
      const Body = Readable.from([body.subarray(0, half), body.subarray(half)], { objectMode: false });
      bodies.push(Body);
      return { ETag: `"${eTag}"`, Metadata, ContentType, ContentLength, Body };
    },
    PutObject({ Bucket, Key, Body = "", Metadata: metadata = {}, Tagging: tagging, IfMatch, IfNoneMatch, ...input }) {
      const existing = objects.get(`${Bucket}/${Key}`);
      if (IfNoneMatch === "*" && existing !== undefined) throw s3Error("PreconditionFailed", 412);
      if (IfMatch !== undefined && IfMatch !== `"${existing?.eTag}"`) throw s3Error("PreconditionFailed", 412);
      const body = Buffer.from(Body);
      writes += 1;
      const eTag = `written-${writes}`;
      const { ContentType: contentType, CacheControl: cacheControl, ServerSideEncryption: encryption } = input;
      objects.set(`${Bucket}/${Key}`, { body, eTag, metadata, contentType, cacheControl, encryption, tagging });
      return { ETag: `"${eTag}"` };
    },
    DeleteObject({ Bucket, Key, IfMatch }) {
      const existing = objects.get(`${Bucket}/${Key}`);
      if (existing === undefined) throw s3Error("NoSuchKey", 404);
      if (IfMatch !== `"${existing.eTag}"`) throw s3Error("PreconditionFailed", 412);
      objects.delete(`${Bucket}/${Key}`);
      return {};
    },
  };

  async function send(command: Command, { abortSignal }: { abortSignal?: AbortSignal } = {}): Promise<unknown> {
    abortSignal?.throwIfAborted();
    const { input } = command;
    const name = command.constructor.name.replace(/Command$/, "");
    const call = `${name} ${input.Bucket}/${input.Key}`;
    calls.push(call);
    const fault = faults.get(call) ?? faults.get(`${name} ${input.Bucket}`);
    if (fault !== undefined) throw fault;
    if (hanging.has(`${name} ${input.Bucket}`)) {
      await new Promise((_resolve, reject) => {
        abortSignal?.addEventListener("abort", () => {
          aborted.push(call);
          reject(abortSignal.reason);
        });
      });
    }
    const interrupt = interruptions.get(`${name} ${input.Bucket}`);
    interruptions.delete(`${name} ${input.Bucket}`);
    interrupt?.();
    return operations[name]?.(input);
  }

  return {
    client: { send } as unknown as Pick<S3Client, "send">,
    calls,
    object: (path: string) => objects.get(path),
    paths: () => [...objects.keys()],
    put(path: string, { body = Buffer.from("photo"), eTag = "e1", metadata = {}, ...others }: Partial<FakeObject>) {
      objects.set(path, { body, eTag, metadata, ...others });
    },
    /** Answers a call, such as `PutObject failures` or `GetObject images/original/a.jpg`, with an error. */
    fail(call: string, error: unknown) {
      faults.set(call, error);
    },
    mend: () => faults.clear(),
    /** Forgets everything, for the next test. */
    clear() {
      for (const each of [objects, faults, hanging, interruptions]) each.clear();
      for (const each of [calls, aborted, bodies]) each.length = 0;
    },
    /** Never answers calls, such as `HeadObject images`, until their caller aborts them: they are in `aborted` then. */
    hang: (call: string) => void hanging.add(call),
    aborted,
    /** Does something once, just before the next of such calls, as `DeleteObject images`, is decided on. */
    before: (call: string, interrupt: () => void) => void interruptions.set(call, interrupt),
    /** The bodies that were given out. */
    bodies,
    /** The failure records, parsed. */
    failures: () =>
      [...objects]
        .filter(([path]) => path.startsWith("failures/"))
        .map(([path, { body }]) => ({ path, ...JSON.parse(body.toString()) })),
  };
}
