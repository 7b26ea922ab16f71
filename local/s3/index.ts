// The embedded S3: buckets and objects behind S3's REST API, strict and honest. This file only assembles.

import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Account } from "../account";
import type { ActivityStream } from "../activity";
import type { DataDirectory } from "../data/directory";
import type { Guard } from "../guard";
import type { Iam } from "../iam/types";
import type { RequestContext } from "../service";
import { createAccess, readVersionId } from "./access";
import { createApi } from "./api";
import { createVerifier } from "./body/integrity";
import { listBuckets } from "./bucket/buckets";
import { createBucketConfiguration } from "./bucket/configuration";
import { checkPage, writeCorsHeaders } from "./bucket/cors";
import { handleCreateBucket } from "./bucket/create-bucket";
import { headerReader, type State } from "./call";
import { refuse, writeCommonHeaders } from "./error-response";
import { accessDenied, operationNotImplemented } from "./errors";
import { createEvents, objectEvent } from "./events";
import { createOperations } from "./operations";
import { operationName } from "./route";
import { createContentStore } from "./store/content";
import { createKeptObjects } from "./store/kept-objects";
import { readContent } from "./store/read-content";
import { createStore } from "./store/store";
import { parseTarget } from "./target";
import type { NotificationTarget, S3 } from "./types";

/** Creates an S3 without buckets; bodies live in memory and in a temporary directory until `close`. */
export function createS3(options: {
  account: Account;
  activity: ActivityStream;
  iam: Iam;
  notifications: NotificationTarget;
  /** Removes files, should this process be killed. */
  guard: Pick<Guard, "addDirectory">;
  /** See {@link createEvents}. */
  datesEventsByArrival?: boolean;
  /** Where objects are kept over a restart. */
  data?: Pick<DataDirectory, "journal" | "objects">;
}): S3 {
  const { account, iam, data } = options;
  const contents = createContentStore(options.guard.addDirectory, data?.objects);
  const store = createStore(account, data && createKeptObjects(data.journal, contents));
  const configuration = createBucketConfiguration({ ...options, store });
  const state: State = {
    account,
    iam,
    store,
    contents,
    access: createAccess(account, iam, store),
    events: createEvents(options),
    configuration,
    isKept: data !== undefined,
  };
  const operations = createOperations(iam);

  async function handle(request: IncomingMessage, response: ServerResponse, asked: RequestContext): Promise<void> {
    writeCommonHeaders(response, asked.requestId);
    const header = headerReader(request);
    const referer = header("referer");
    const context = referer === undefined ? asked : { ...asked, referer };
    const { query } = context;
    const target = parseTarget(request.headers.host, context.path);
    const name = operationName(target, { method: request.method ?? "", query, header });
    context.describe(name, target.bucket && [`arn:aws:s3:::${target.bucket}`, target.key].filter(Boolean).join("/"));
    if (target.bucket === undefined) return listBuckets(state, { request, response, context, query, header });
    if (name === "CreateBucket") {
      return handleCreateBucket(state, { request, response, context, query, header }, target.bucket);
    }
    const bucket = store.bucket(target.bucket);
    const expected = header("x-amz-expected-bucket-owner");
    if (expected !== undefined && expected !== bucket.owner) throw accessDenied();
    writeCorsHeaders(bucket, request, response);
    const operation = operations.get(name);
    if (operation === undefined) throw operationNotImplemented(name);
    await operation(state, { request, response, context, query, header, bucket, key: target.key ?? "" });
  }

  return {
    ...configuration,
    api: createApi(state),
    handle,
    refuse,
    close: contents.close,

    admitPage(page, request, path) {
      const { bucket } = parseTarget(request.headers.host, path);
      checkPage(bucket === undefined ? undefined : store.bucket(bucket), page, request.method);
    },

    async readObject(caller, { bucket: name, key, versionId }) {
      const bucket = store.bucket(name);
      const version = readVersionId(bucket, versionId);
      const { content } = state.access.readObject({ caller }, "s3:GetObject", bucket, key, version);
      content.retain();
      try {
        return await buffer(readContent(content));
      } finally {
        content.release();
      }
    },

    async putObject(caller, { bucket: name, key, body, contentType }) {
      const bucket = store.bucket(name);
      state.access.authorize({ caller }, "s3:PutObject", bucket, key);
      const verifier = createVerifier({});
      verifier.update(body);
      const { md5, checksum } = await verifier.finish(new Map());
      const writer = contents.writer();
      await writer.write(body);
      const stored = store.putObject(bucket, {
        key,
        content: await writer.finish(),
        etag: md5,
        checksum: { ...checksum, type: "FULL_OBJECT" },
        headers: { "content-type": contentType },
        metadata: new Map(),
        tags: new Map(),
        sseAlgorithm: bucket.sseAlgorithm,
      });
      const requestId = randomUUID().replaceAll("-", "").slice(0, 16).toUpperCase();
      const hostId = createHash("sha512").update(requestId).digest("base64");
      const origin = { caller, sourceIp: "127.0.0.1", requestId, hostId, arrivedAt: Date.now() };
      state.events.notify(objectEvent("ObjectCreated:Put", bucket, stored), origin);
    },
  };
}
