// The pipeline on an embedded AWS, as the commands use it: started from a stack, with its names and clients.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import type { ProfileIds } from "../functions/lib/profile-id";
import { type EmbeddedAws, type EmbeddedAwsOptions, startEmbeddedAws } from "../local";
import { DataError } from "../local/data/data-error";
import { StackError } from "../local/template/stack-error";
import { type ClientConfiguration, embeddedAwsClient } from "../operations/deployment";
import { UserError } from "../stack/user-error";
import { existingResources } from "./existing-resources";
import { portError } from "./port";
import { profileIdsOf } from "./profile-ids";

/** The key of the local TinyPNG; no secret, it opens nothing outside this machine. */
const LOCAL_TINYPNG_KEY = "local-tinypng-key";

/** The stack's Terraform outputs. */
export interface PipelineNames {
  readonly bucket: string;
  readonly failuresBucket: string;
  readonly table: string;
  readonly functions: readonly string[];
}

export interface Pipeline {
  readonly aws: EmbeddedAws;
  readonly names: PipelineNames;
  /** What every client of one of its services is made with. */
  readonly client: ClientConfiguration;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly profileIds: ProfileIds;
  /** Where thumbnails can be seen without a signature; with the setting `delivery` alone. */
  readonly thumbnailBaseUrl: string | undefined;
  /** Applies another version of the stack to what is there; a UserError says why it cannot be, and nothing has changed then. */
  apply(stackDirectory: string): Promise<void>;
  close(): Promise<void>;
}

type PipelineOptions = Partial<
  Pick<EmbeddedAwsOptions, "deliverTwiceAndOutOfOrder" | "datesEventsByArrival" | "tinypngKey" | "dataDirectory">
>;

/** Starts an embedded AWS with a stack applied; mistakes of the stack, the port or the data directory are the user's. */
export async function startPipeline(
  stackDirectory: string,
  port: number,
  { tinypngKey = LOCAL_TINYPNG_KEY, ...options }: PipelineOptions = {},
): Promise<Pipeline> {
  const aws = await startWithExisting({
    ...options,
    stackDirectory,
    port,
    variables: { tinypng_key: tinypngKey },
    tinypngKey,
  }).catch((error: unknown) => {
    if (error instanceof StackError || error instanceof DataError) throw userErrorOf(error);
    if (isAboutPort(error)) throw portError(port, error.cause);
    throw error;
  });
  let names: PipelineNames;
  try {
    names = namesOf(aws.outputs);
  } catch (error) {
    await aws.close();
    throw error;
  }
  const client = embeddedAwsClient(aws.account.region, aws.account.endpoint);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const dynamodb = new DynamoDBClient(client);
  return {
    aws,
    names,
    client,
    s3,
    dynamodb,
    profileIds: profileIdsOf(stackDirectory),
    get thumbnailBaseUrl() {
      return aws.distributions[0]?.url;
    },
    apply: (directory) =>
      aws.apply(directory).catch((error: unknown) => {
        throw error instanceof StackError ? userErrorOf(error) : error;
      }),
    async close() {
      s3.destroy();
      dynamodb.destroy();
      await aws.close();
    },
  };
}

const userErrorOf = ({ message }: Error) => new UserError(message);

/** The tables and buckets that the stack expects in the account are there before it is applied. */
const startWithExisting = async (
  options: EmbeddedAwsOptions & { readonly stackDirectory: string },
): Promise<EmbeddedAws> => startEmbeddedAws({ ...options, existing: existingResources(options.stackDirectory) });

function namesOf(outputs: Readonly<Record<string, unknown>>): PipelineNames {
  const text = (name: string): string => {
    const value = outputs[name];
    if (typeof value !== "string")
      throw new UserError(`the stack has no output "${name}"; is it a profile-image stack?`);
    return value;
  };
  return {
    bucket: text("bucket"),
    failuresBucket: text("failures_bucket"),
    table: text("table"),
    functions: [
      text("set_profile_image_function"),
      text("create_thumbnail_function"),
      ...("report_failure_function" in outputs ? [text("report_failure_function")] : []),
    ],
  };
}

/** Whether the server could not listen: the port is in use, or not for this user. */
const isAboutPort = (error: unknown): error is Error & { cause: Error } =>
  error instanceof Error &&
  error.cause instanceof Error &&
  "syscall" in error.cause &&
  error.cause.syscall === "listen";
