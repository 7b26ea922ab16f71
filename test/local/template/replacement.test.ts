// What a data directory has when the next start's stack wants another resource in the place of one: a key and a name are
// for ever, so that Terraform would destroy the one and create the other.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local";
import { LAMBDA_TRUST } from "../iam/account";

const folder = mkdtempSync(join(tmpdir(), "replaced "));
const NEVER = "export const handler = () => new Promise((resolve) => setTimeout(resolve, 600_000));";
writeFileSync(join(folder, "f.zip"), zipSync({ "index.mjs": new TextEncoder().encode(NEVER) }));
afterAll(() => rmSync(folder, { recursive: true }));

const TableName = "people";

interface Version {
  readonly key?: "N" | "S";
  readonly isProtected?: boolean;
  readonly functionName?: string;
}

function write({ key = "N", isProtected = false, functionName = "First" }: Version): void {
  const stack = {
    provider: { aws: [{ region: "eu-west-1" }] },
    resource: {
      aws_dynamodb_table: {
        people: {
          name: TableName,
          hash_key: "id",
          attribute: [{ name: "id", type: key }],
          billing_mode: "PAY_PER_REQUEST",
          stream_enabled: true,
          stream_view_type: "NEW_AND_OLD_IMAGES",
          deletion_protection_enabled: isProtected,
        },
      },
      aws_iam_role: { runner: { name: "runner", assume_role_policy: LAMBDA_TRUST } },
      aws_lambda_function: {
        f: {
          function_name: functionName,
          role: "${aws_iam_role.runner.arn}",
          handler: "index.handler",
          runtime: "nodejs22.x",
          timeout: 900,
          filename: "f.zip",
        },
      },
    },
  };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack));
}

/** Starts with a version of the stack, does something, and ends. */
async function running<T>(
  dataDirectory: string,
  version: Version,
  act: (clients: { dynamodb: DynamoDBClient; lambda: LambdaClient; aws: EmbeddedAws }) => Promise<T>,
): Promise<T> {
  write(version);
  const aws = await startEmbeddedAws({ stackDirectory: folder, tinypngKey: "k", dataDirectory });
  const { endpoint, region } = aws.account;
  const options = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 };
  const dynamodb = new DynamoDBClient(options);
  const lambda = new LambdaClient(options);
  try {
    return await act({ dynamodb, lambda, aws });
  } finally {
    dynamodb.destroy();
    lambda.destroy();
    await aws.close();
  }
}

const putPete = ({ dynamodb }: { dynamodb: DynamoDBClient }) =>
  dynamodb.send(new PutItemCommand({ TableName, Item: { id: { N: "1" }, name: { S: "Pete" } } }));

async function tableOf({ dynamodb, aws }: { dynamodb: DynamoDBClient; aws: EmbeddedAws }) {
  const { Items } = await dynamodb.send(new ScanCommand({ TableName }));
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const { replacedTables } = aws;
  return {
    Items,
    key: Table?.AttributeDefinitions,
    stream: Table?.LatestStreamArn,
    id: Table?.TableId,
    replacedTables,
  };
}

describe("a table whose key is another one", () => {
  it("is a new and empty table with a stream of its own, and stays so", async () => {
    const data = join(folder, "key");
    const before = await running(data, {}, async (clients) => {
      await putPete(clients);
      return tableOf(clients);
    });
    const key = [{ AttributeName: "id", AttributeType: "S" }];
    const after = await running(data, { key: "S" }, async (clients) => {
      const table = await tableOf(clients);
      const Item = { id: { S: "one" } };
      await clients.dynamodb.send(new PutItemCommand({ TableName, Item }));
      return table;
    });
    expect(after).toMatchObject({ Items: [], key, replacedTables: [TableName] });
    expect([after.stream, after.id]).not.toEqual([before.stream, before.id]);
    expect(after.stream).not.toBe(before.stream);
    expect(await running(data, { key: "S" }, tableOf)).toEqual({
      ...after,
      Items: [{ id: { S: "one" } }],
      replacedTables: [],
    });
  });

  it("is refused where it is protected against deletion, and what was kept is still there", async () => {
    const data = join(folder, "protected");
    await running(data, { isProtected: true }, putPete);
    await expect(running(data, { isProtected: true, key: "S" }, tableOf)).rejects.toThrow(
      "the table people is kept with the key id (N, HASH), and the stack's has the key id (S, HASH) and is protected against deletion",
    );
    const { Items } = await running(data, { isProtected: true }, tableOf);
    expect(Items).toEqual([{ id: { N: "1" }, name: { S: "Pete" } }]);
  });

  it("is not replaced when another part of the stack is refused", async () => {
    const data = join(folder, "refused");
    await running(data, {}, putPete);
    // No name of a function.
    await expect(running(data, { key: "S", functionName: "a b" }, tableOf)).rejects.toThrow("aws_lambda_function.f");
    expect((await running(data, {}, tableOf)).Items).toHaveLength(1);
  });
});

describe("a function whose name is another one", () => {
  it("is a new function: the events of the old one are gone with it, for good", async () => {
    const data = join(folder, "function");
    const send = (lambda: LambdaClient) =>
      lambda.send(new InvokeCommand({ FunctionName: "First", InvocationType: "Event", Payload: Buffer.from("{}") }));
    const started = (aws: EmbeddedAws) => {
      let count = 0;
      aws.activity.subscribe(({ action }) => {
        if (action === "Start") count += 1;
      });
      return () => count;
    };
    await running(data, {}, async ({ lambda }) => send(lambda));
    await running(data, { functionName: "Second" }, async ({ lambda, aws }) => {
      const { Functions } = await lambda.send(new ListFunctionsCommand({}));
      expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual(["Second"]);
      await aws.idle();
    });
    // Nothing runs, or it would never be idle.
    await running(data, {}, async ({ aws }) => {
      const starts = started(aws);
      await aws.idle();
      expect(starts()).toBe(0);
    });
  });
});
