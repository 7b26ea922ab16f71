// Uploads photos from a process of its own, as everybody does who uses the pipeline: nobody's uploads share the thread
// that the embedded AWS runs on. Its parent says where to; it ends with it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { inParallel } from "../operations/in-parallel";
import { PROJECT_ROOT } from "../stack/project-root";

export interface Uploads {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** The numbers of the profiles that get a photo each. */
  readonly profileIds: readonly number[];
  readonly atATime: number;
}

/** 259 kB. */
const PHOTO = readFileSync(join(PROJECT_ROOT, "samples", "viper.jpg"));

/** Uploads the photo for a profile. */
export async function upload(s3: S3Client, bucket: string, profileId: number, folder: string): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `original/${folder}/${profileId}.jpg`,
      Body: PHOTO,
      ContentType: "image/jpeg",
      Metadata: { "user-profile-id": String(profileId) },
    }),
  );
}

async function uploadAll({ endpoint, region, bucket, profileIds, atATime }: Uploads): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await inParallel(profileIds, atATime, (profileId) => upload(s3, bucket, profileId, "throughput"));
}

if (require.main === module) {
  process.on("message", (uploads: Uploads) => void uploadAll(uploads));
  process.send?.("ready");
}
