// Clients of an emulator's services, and what the tests do with them.

import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { REGION } from "./emulators";

export interface Services {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
}

export function servicesOf(endpoint: string): Services {
  const client = { endpoint, region: REGION, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  return {
    s3: new S3Client({ ...client, forcePathStyle: true }),
    dynamodb: new DynamoDBClient(client),
    lambda: new LambdaClient(client),
  };
}

/** A bucket and a table as somebody has them before the stack comes. */
export async function makeExisting({ s3, dynamodb }: Services, bucket: string, table: string): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
}

export const putProfile = ({ dynamodb }: Services, TableName: string, id: string) =>
  dynamodb.send(new PutItemCommand({ TableName, Item: { id: { N: id }, name: { S: "Pete Mitchell" } } }));

export const getProfile = async ({ dynamodb }: Services, TableName: string, id: string) =>
  (await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { N: id } }, ConsistentRead: true }))).Item;

export const putPhoto = ({ s3 }: Services, Bucket: string, Key: string, Body: Buffer, profileId: string) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { "user-profile-id": profileId } }));

export async function hasObject({ s3 }: Services, Bucket: string, Key: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket, Key }));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}

/** Waits for an object, a minute at most. */
export async function objectOf(services: Services, Bucket: string, Key: string): Promise<Buffer> {
  const deadline = Date.now() + 60_000;
  while (!(await hasObject(services, Bucket, Key))) {
    if (Date.now() > deadline) throw new Error(`There is no ${Key} in ${Bucket} after a minute`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { Body } = await services.s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}
