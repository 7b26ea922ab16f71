// Runs CreateThumbnail's zip as Lambda does, in 512 MB, over TLS against a TinyPNG of one's choice, and tells its memory.

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DynamoDBBatchResponse } from "aws-lambda";
import { unzipSync } from "fflate";
import { photoRecord } from "../../functions/factories";
import { type Pace, startS3, startTinypng } from "./servers";

export interface Ran {
  readonly result: DynamoDBBatchResponse | string;
  /** The most that the process has held resident since its start. */
  readonly peakMegabytes: number;
}

/** CreateThumbnail's memory: of its Node process, Lambda counts no other. */
export const MEMORY_MEGABYTES = 512;

export interface Circumstances {
  readonly zipFile: string;
  readonly photoBytes: number;
  readonly pace: Pace;
  readonly thumbnail: Buffer;
}

/** Starts the function; the process and the servers end with `close`. */
export async function startFunctionOverTls({ zipFile, photoBytes, pace, thumbnail }: Circumstances) {
  const directory = mkdtempSync(join(tmpdir(), "profile-image-memory-"));
  const bundle = join(directory, "index.mjs");
  writeFileSync(bundle, unzipSync(readFileSync(zipFile))["index.mjs"] ?? "");
  const s3 = await startS3(photoBytes);
  const tinypng = await startTinypng(pace, thumbnail);
  const child = fork(join(__dirname, "function.mjs"), [bundle, String(tinypng.port), tinypng.secret], {
    // As local/lambda/instance.ts does.
    execArgv: [`--max-old-space-size=${Math.floor(0.9 * MEMORY_MEGABYTES)}`],
    env: {
      PATH: process.env.PATH,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL: `http://127.0.0.1:${s3.port}`,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      BUCKET_NAME: "images",
      TABLE_NAME: "user-profile",
      PROFILE_ID_TYPE: "number",
      FAILURES_BUCKET: "failures",
      TINYPNG_KEY_PARAMETER: "/key",
      THUMBNAIL_METHOD: "fit",
      THUMBNAIL_WIDTH: "150",
      THUMBNAIL_HEIGHT: "150",
      KEEP_PREVIOUS_THUMBNAILS: "false",
      THUMBNAIL_ENCRYPTION: "bucket-default",
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(child, "message");

  return {
    stored: s3.stored,
    tinypng,
    /** Invokes it with photos of these profiles. */
    async invoke(profileIds: readonly number[], remainingMs: number): Promise<Ran> {
      const answered = once(child, "message");
      const Records = profileIds.map((id) => photoRecord(String(id), `original/${id}.jpg`, "photo"));
      child.send({ event: { Records }, remainingMs });
      const [ran] = await answered;
      return ran as Ran;
    },
    async close(): Promise<void> {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      await Promise.all([s3.close(), tinypng.close()]);
      rmSync(directory, { recursive: true });
    },
  };
}
