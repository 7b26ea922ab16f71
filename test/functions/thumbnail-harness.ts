// CreateThumbnail with a table, an S3 and a TinyPNG of its own, which forget everything before each test.

import "./configuration"; // First: the function asks for it when it is imported.
import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { createHandler, type Dependencies } from "../../functions/create-thumbnail";
import { profileIds } from "../../functions/lib/profile-id";
import type { Resized } from "../../functions/lib/resize";
import type { FormattedSize } from "../../functions/lib/size";
import { changeOf, lambdaContext, ONE_SIZE, pictureOf, textOf } from "./factories";
import { createFakeProfiles } from "./fake-profiles";
import { createFakeS3 } from "./fake-s3";

/** Call it at the top of a test file. */
export function createThumbnailHarness() {
  const s3 = createFakeS3();
  const table = createFakeProfiles();
  /** Called for each size. */
  const resize: jest.Mock<Promise<Resized>, [Buffer, FormattedSize, AbortSignal]> = jest.fn();
  const handlerWith = (changed: Partial<Dependencies> = {}) =>
    createHandler({
      s3: s3.client,
      dynamodb: table.client,
      resize: (bytes, sizes, signal) => Promise.all(sizes.map((size) => resize(bytes, size, signal))),
      sizes: [ONE_SIZE],
      bucket: "images",
      tableName: "user-profile",
      profileIds: profileIds("number"),
      failuresBucket: "failures",
      photoMemoryBytes: 64_000_000,
      keepPreviousThumbnails: false,
      thumbnailEncryption: "bucket-default",
      ...changed,
    });
  const handler = handlerWith();
  const log: Record<"info" | "error", Record<string, unknown>[]> = { info: [], error: [] };

  const streamed = (): DynamoDBRecord[] => table.takeChanges().map(changeOf);

  beforeEach(() => {
    s3.clear();
    table.reset("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    resize.mockReset();
    resize.mockImplementation(async (bytes) => pictureOf(`small ${bytes}`));
    for (const level of ["info", "error"] as const) {
      log[level].length = 0;
      jest.spyOn(console, level).mockImplementation((...entry) => void log[level].push(...entry));
    }
  });
  afterEach(() => jest.restoreAllMocks());

  return {
    s3,
    table,
    resize,
    handler,
    /** Another one, on the same S3 and TinyPNG. */
    handlerWith,
    /** What the function wrote through console. */
    log,
    /** Stores a photo, and returns the record of the profile that SetProfileImage points at it. */
    photo(id: string, { key = `original/${id}.jpg`, eTag = `e${id}`, body = `photo ${id}` } = {}): DynamoDBRecord {
      s3.put(`images/${key}`, { body: Buffer.from(body), eTag });
      streamed();
      table.put(id, { image: { S: key }, imageETag: { S: eTag }, imageVersion: { S: `v-${eTag}` } });
      return streamed().at(-1) as DynamoDBRecord;
    },
    /** The records of all changes of the table that were not taken yet. */
    streamed,
    run: (...Records: DynamoDBRecord[]) => handler({ Records }, lambdaContext()),
    /** Hands over the records of all changes, also of those that it makes itself, until there is none. */
    async follow(): Promise<void> {
      for (let Records = streamed(); Records.length > 0; Records = streamed()) {
        expect(await handler({ Records }, lambdaContext())).toEqual({ batchItemFailures: [] });
      }
    },
    text: (path: string) => textOf(s3.object(path)?.body),
  };
}

export const sequenceNumbers = ({ batchItemFailures }: DynamoDBBatchResponse) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
export const sequenceNumberOf = (record: DynamoDBRecord) => record.dynamodb?.SequenceNumber;
