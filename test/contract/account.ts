// Where the contract tests run: on the embedded AWS, or with REMOTE=1 on the AWS account that the environment has credentials
// for (AWS_ENDPOINT_URL leads to another one). There they make everything under names of their own, and delete it.

import { randomBytes } from "node:crypto";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import {
  AbortMultipartUploadCommand,
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DeleteParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { startEmbeddedAws } from "../../local";

/** What one file of tests may send; what it says of the costs relies on it. */
const MAX_REQUESTS = 500;
/** S3's price of a write, the dearest request of all that are sent, in most regions: https://aws.amazon.com/s3/pricing */
const DOLLARS_PER_REQUEST = 0.0055 / 1000;

type Environment = Readonly<Record<string, string | undefined>>;

export const isRemote = ({ REMOTE }: Environment = process.env): boolean => REMOTE === "1";

export type ContractAccount = Awaited<ReturnType<typeof openAccount>>;

/**
 * Opens an account for one file of tests; `close` deletes what they made.
 * @param environment another one than this process's, for the tests of this file itself
 */
export async function openAccount(environment: Environment = process.env) {
  const bugs: unknown[] = [];
  const embedded = isRemote(environment)
    ? undefined
    : await startEmbeddedAws({ tinypngKey: "k", onBug: (bug) => bugs.push(bug) });
  const options = embedded === undefined ? remoteOptions(environment) : optionsOf(embedded.account);
  const { region } = options;
  const clients = { s3: new S3Client(options), dynamodb: new DynamoDBClient(options), ssm: new SSMClient(options) };
  const sts = new STSClient(options);
  const prefix = `contract-${randomBytes(4).toString("hex")}`;
  const made = { buckets: [] as string[], tables: [] as string[], parameters: [] as string[] };
  let requests = 0;
  for (const { middlewareStack } of Object.values<{ middlewareStack: unknown }>(clients)) {
    (middlewareStack as S3Client["middlewareStack"]).add(
      (next) => (args) => {
        requests += 1;
        return next(args);
      },
      // Behind the retries: each attempt is a request.
      { step: "finalizeRequest", priority: "low" },
    );
  }
  const { Account: accountId = "" } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  if (embedded === undefined) {
    const cents = Math.ceil(MAX_REQUESTS * DOLLARS_PER_REQUEST * 10_000) / 100;
    process.stderr.write(
      `Contract tests on the account ${accountId} in ${region}: at most ${MAX_REQUESTS} requests, less than ${cents} US cents; what they make is called ${prefix}-… and is deleted at the end\n`,
    );
  }
  const { s3, dynamodb, ssm } = clients;
  const nameOf = (names: string[]) => {
    const name = `${prefix}-${names.length + 1}`;
    names.push(name);
    return name;
  };

  return {
    ...clients,
    accountId,
    region,
    async createBucket(): Promise<string> {
      const Bucket = nameOf(made.buckets);
      // The first region is the one that is not named.
      const LocationConstraint = region === "us-east-1" ? undefined : (region as BucketLocationConstraint);
      const CreateBucketConfiguration = LocationConstraint && { LocationConstraint };
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
      return Bucket;
    },
    /** With the hash key `id`, a number. */
    async createTable(): Promise<string> {
      const TableName = nameOf(made.tables);
      await dynamodb.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      );
      await waitUntilTableExists({ client: dynamodb, maxWaitTime: 60 }, { TableName });
      return TableName;
    },
    /** For a parameter that the test makes. */
    parameterName(): string {
      const name = `/${prefix}/${made.parameters.length + 1}`;
      made.parameters.push(name);
      return name;
    },
    async close(): Promise<void> {
      try {
        for (const bucket of made.buckets) await removeBucket(s3, bucket);
        for (const TableName of made.tables) await dynamodb.send(new DeleteTableCommand({ TableName }));
        for (const Name of made.parameters) await ssm.send(new DeleteParameterCommand({ Name })).catch(unlessNotFound);
      } finally {
        for (const client of Object.values(clients)) client.destroy();
        await embedded?.close();
      }
      if (requests > MAX_REQUESTS)
        throw new Error(`${requests} requests were sent, and ${MAX_REQUESTS} were announced`);
      if (bugs.length > 0) throw bugs[0];
    },
  };
}

/** Without keys in the environment the clients look where the AWS CLI does. */
function remoteOptions(environment: Environment) {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID: accessKeyId } = environment;
  const { AWS_SECRET_ACCESS_KEY: secretAccessKey = "", AWS_SESSION_TOKEN: sessionToken } = environment;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  if (region === undefined) throw new Error("REMOTE=1 needs AWS_REGION, the region to make buckets and tables in");
  return {
    region,
    ...(endpoint && { endpoint }),
    ...(accessKeyId && { credentials: { accessKeyId, secretAccessKey, sessionToken } }),
  };
}

const optionsOf = ({ endpoint, region }: { endpoint: string; region: string }) => ({
  endpoint,
  region,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});

/** A test may have ended before it made the parameter. */
function unlessNotFound(error: unknown): void {
  if (!(error instanceof ParameterNotFound)) throw error;
}

async function removeBucket(s3: S3Client, Bucket: string): Promise<void> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads) await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
}
