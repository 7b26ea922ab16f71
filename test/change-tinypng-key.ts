// What an operator does when TinyPNG's key changes: a new key at TinyPNG, and the same one in Parameter Store.

import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Pipeline } from "../pipeline";

export const TINYPNG_KEY_PARAMETER = "/profile-image/tinypng-key";

/** Writes a key to Parameter Store; TinyPNG knows nothing of it. */
export async function writeTinypngKey({ aws }: Pipeline, key: string): Promise<void> {
  const { endpoint, region } = aws.account;
  const ssm = new SSMClient({ endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  try {
    await ssm.send(new PutParameterCommand({ Name: TINYPNG_KEY_PARAMETER, Value: key, Overwrite: true }));
  } finally {
    ssm.destroy();
  }
}

/** Has TinyPNG accept another key and no longer the one before, and writes it to Parameter Store. */
export async function changeTinypngKey(pipeline: Pipeline, key: string): Promise<void> {
  pipeline.aws.tinypng.acceptKey(key);
  await writeTinypngKey(pipeline, key);
}
