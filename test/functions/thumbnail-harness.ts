// CreateThumbnail with an S3 and a TinyPNG of its own, which forget everything before each test.

import "./configuration"; // First: the function asks for it when it is imported.
import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { createHandler, type Dependencies } from "../../functions/create-thumbnail";
import type { Resized } from "../../functions/lib/tinypng";
import { lambdaContext, photoRecord, textOf, thumbnailOf } from "./factories";
import { createFakeS3 } from "./fake-s3";

/** Call it at the top of a test file. */
export function createThumbnailHarness() {
  const s3 = createFakeS3();
  const resize: jest.Mock<Promise<Resized>, [Buffer, AbortSignal]> = jest.fn();
  const handlerWith = (changed: Partial<Dependencies> = {}) =>
    createHandler({
      s3: s3.client,
      resize,
      size: { method: "fit", width: 150, height: 150 },
      bucket: "images",
      failuresBucket: "failures",
      photoMemoryBytes: 64_000_000,
      keepPreviousThumbnails: false,
      ...changed,
    });
  const handler = handlerWith();
  const log: Record<"info" | "error", Record<string, unknown>[]> = { info: [], error: [] };

  beforeEach(() => {
    s3.clear();
    resize.mockReset();
    resize.mockImplementation(async (bytes) => ({ bytes: thumbnailOf(`small ${bytes}`), contentType: "image/jpeg" }));
    for (const level of ["info", "error"] as const) {
      log[level].length = 0;
      jest.spyOn(console, level).mockImplementation((...entry) => void log[level].push(...entry));
    }
  });
  afterEach(() => jest.restoreAllMocks());

  return {
    s3,
    resize,
    handler,
    /** Another one, on the same S3 and TinyPNG. */
    handlerWith,
    /** What the function wrote through console. */
    log,
    /** Stores a photo and returns the record of the profile that got it. */
    photo(id: string, { key = `original/${id}.jpg`, eTag = `e${id}`, body = `photo ${id}` } = {}) {
      s3.put(`images/${key}`, { body: Buffer.from(body), eTag });
      return photoRecord(id, key, eTag);
    },
    run: (...Records: DynamoDBRecord[]) => handler({ Records }, lambdaContext()),
    text: (path: string) => textOf(s3.object(path)?.body),
  };
}

export const sequenceNumbers = ({ batchItemFailures }: DynamoDBBatchResponse) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
export const sequenceNumberOf = (record: DynamoDBRecord) => record.dynamodb?.SequenceNumber;
