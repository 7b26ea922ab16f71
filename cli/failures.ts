// What the pipeline could not do: the records in the failures bucket, told in words.

import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Pipeline } from "./pipeline";

/** The failure records as text to append to a message; empty when there are none. */
export async function describeFailures({ s3, names }: Pipeline): Promise<string> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: names.failuresBucket }));
  const records = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.failuresBucket, Key }));
      return `${Key}: ${await Body?.transformToString()}`;
    }),
  );
  return records.map((record) => `\n  failure record ${record}`).join("");
}
