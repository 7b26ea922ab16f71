// The server under fuzz: a whole pipeline, what it must still be able to do afterwards, and what it holds meanwhile.

import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { startEmbeddedAws } from "../../local";
import type { Names } from "./names";

const TINYPNG_KEY = "fuzz-key";
/** Enough that some are still open when others have been completed or aborted. */
const UPLOADS = 20;
/** How long the operating system may take to close what both sides have let go. */
const SETTLING_MS = 5000;

/** What a process must not hold more and more of. */
export interface Holdings {
  /** Sockets and pipes that keep the process alive. */
  readonly sockets: number;
  /** Absent where the system does not tell. */
  readonly descriptors?: number;
  /** Files of S3. */
  readonly files: number;
}

export type FuzzedServer = Awaited<ReturnType<typeof startFuzzedServer>>;

/** Starts a pipeline from a synthesized stack; close it. */
export async function startFuzzedServer(stackDirectory: string) {
  const bugs: unknown[] = [];
  const aws = await startEmbeddedAws({
    stackDirectory,
    variables: { tinypng_key: TINYPNG_KEY },
    tinypngKey: TINYPNG_KEY,
    onBug: (error) => bugs.push(error),
  });
  const { endpoint, region } = aws.account;
  const { bucket, table, set_profile_image_function: functionName } = aws.outputs as Record<string, string>;
  /** Runs with clients whose connections are closed afterwards. */
  async function withClients<T>(
    use: (s3: S3Client, dynamodb: DynamoDBClient, streams: DynamoDBStreamsClient) => Promise<T>,
  ): Promise<T> {
    const client = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    const [dynamodb, streams] = [new DynamoDBClient(client), new DynamoDBStreamsClient(client)];
    try {
      return await use(s3, dynamodb, streams);
    } finally {
      for (const each of [s3, dynamodb, streams]) each.destroy();
    }
  }

  return {
    aws,
    bugs,
    port: Number(new URL(endpoint).port),
    close: aws.close,

    /** Makes what the requests aim at: an object, open uploads, a place in the stream. */
    prepare: (): Promise<Names> =>
      withClients(async (s3, dynamodb, streams) => {
        const known = { Bucket: bucket, Key: "noise/known.bin" };
        await s3.send(new PutObjectCommand({ ...known, Body: "known" }));
        const uploadIds: string[] = [];
        while (uploadIds.length < UPLOADS) {
          uploadIds.push(String((await s3.send(new CreateMultipartUploadCommand(known))).UploadId));
        }
        const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));
        const StreamArn = Table?.LatestStreamArn;
        const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
        const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
        const { ShardIterator } = await streams.send(
          new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
        );
        return {
          host: new URL(endpoint).host,
          bucket: String(bucket),
          table: String(table),
          streamArn: String(StreamArn),
          shardIterator: String(ShardIterator),
          uploadIds,
          functionName: String(functionName),
          tinypngKey: TINYPNG_KEY,
        };
      }),

    /** Uploads a photo, and resolves with the size of its thumbnail in bytes. */
    makeThumbnail: (photo: Buffer, name: string): Promise<number | undefined> =>
      withClients(async (s3, dynamodb) => {
        await dynamodb.send(new PutItemCommand({ TableName: table, Item: { id: { N: "1" } } }));
        const upload = {
          Bucket: bucket,
          Key: `original/${name}.jpg`,
          Body: photo,
          Metadata: { "user-profile-id": "1" },
        };
        await s3.send(new PutObjectCommand(upload));
        await aws.idle();
        const made = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: `thumbnails/${name}.jpg` }));
        return made.ContentLength;
      }),

    /** Removes every version of everything that is in the bucket, and the uploads that never ended. */
    emptyBucket: (): Promise<void> =>
      withClients(async (s3) => {
        const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
        for (const { Key, UploadId } of Uploads) {
          await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
        }
        for (let isTruncated = true; isTruncated; ) {
          const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
          for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
            await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));
          }
          isTruncated = page.IsTruncated === true;
        }
      }),
  };
}

/** What this process holds now. */
export function holdings(): Holdings {
  const isSocket = (name: string) => name.includes("Socket") || name.includes("TCP") || name.includes("Pipe");
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(`embedded-s3-${process.pid}-`));
  return {
    sockets: process.getActiveResourcesInfo().filter(isSocket).length,
    descriptors: countEntries("/proc/self/fd"),
    files: folders.reduce((sum, name) => sum + (countEntries(join(tmpdir(), name)) ?? 0), 0),
  };
}

function countEntries(directory: string): number | undefined {
  try {
    return readdirSync(directory).length;
  } catch {
    return undefined;
  }
}

/** Whether nothing is held that was not held before; sockets of before may have closed meanwhile. */
export const holdsNoMore = (now: Holdings, before: Holdings): boolean =>
  now.sockets <= before.sockets && (now.descriptors ?? 0) <= (before.descriptors ?? 0) && now.files <= before.files;

/** Resolves with what is held once it is no more than before, or at last with what is still too much. */
export async function settledHoldings(before: Holdings): Promise<Holdings> {
  const deadline = Date.now() + SETTLING_MS;
  for (;;) {
    const now = holdings();
    if (holdsNoMore(now, before) || Date.now() > deadline) return now;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
