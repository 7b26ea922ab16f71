// The account of the contract tests, as somebody with an account of their own uses it: another process's, by its endpoint
// and credentials alone.

import { ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { type EmbeddedAws, startEmbeddedAws } from "../../local";
import { openAccount } from "./account";

let aws: EmbeddedAws;
let written: jest.SpyInstance;
beforeAll(async () => {
  aws = await startEmbeddedAws({ tinypngKey: "k" });
  written = jest.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterAll(async () => {
  written.mockRestore();
  await aws.close();
});

const environment = (more = {}) => ({
  REMOTE: "1",
  AWS_ENDPOINT_URL: aws.account.endpoint,
  AWS_REGION: aws.account.region,
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  ...more,
});

test("is the one that the environment names; the costs are told first, and nothing is left", async () => {
  const account = await openAccount(environment());
  expect(written).toHaveBeenCalledWith(
    expect.stringMatching(
      /^Contract tests on the account 111122223333 in eu-west-1: at most 500 requests, less than 0\.28 US cents; what they make is called contract-[0-9a-f]{8}-… and is deleted at the end\n$/,
    ),
  );
  const [Bucket, TableName, Name] = [
    await account.createBucket(),
    await account.createTable(),
    account.parameterName(),
  ];
  await account.s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" }));
  await account.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { N: "1" } } }));
  await account.ssm.send(new PutParameterCommand({ Name, Type: "String", Value: "v" }));
  // Another one sees what is left.
  const other = await openAccount(environment());
  const there = async () => ({
    buckets: (await other.s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name: name }) => name) ?? [],
    tables: (await other.dynamodb.send(new ListTablesCommand({}))).TableNames,
    parameter: await other.ssm.send(new GetParameterCommand({ Name })).then(
      ({ Parameter }) => Parameter?.Value,
      (error: Error) => error.name,
    ),
  });
  expect(await there()).toEqual({ buckets: [Bucket], tables: [TableName], parameter: "v" });
  await account.close();
  expect(await there()).toEqual({ buckets: [], tables: [], parameter: "ParameterNotFound" });
  await other.close();
});

test("needs a region", async () => {
  await expect(openAccount(environment({ AWS_REGION: undefined }))).rejects.toThrow("REMOTE=1 needs AWS_REGION");
});

test("is an embedded AWS without REMOTE=1", async () => {
  const account = await openAccount({});
  expect((await account.s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  await account.close();
});
