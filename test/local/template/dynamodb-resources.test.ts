// Tables of a stack, with indexes and items that expire.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type EmbeddedAws, startEmbeddedAws } from "../../../local";

const TableName = "sessions";
const folder = mkdtempSync(join(tmpdir(), "tables "));
afterAll(() => rmSync(folder, { recursive: true }));

let aws: EmbeddedAws | undefined;
afterEach(() => aws?.close());

async function start(more: object) {
  const attribute = ["id", "day", "owner"].map((name) => ({ name, type: "S" }));
  const table = { name: TableName, hash_key: "id", range_key: "day", attribute, ...more };
  const provider = { aws: [{ region: "eu-west-1" }] };
  const stack = { provider, resource: { aws_dynamodb_table: { sessions: table } } };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack));
  aws = await startEmbeddedAws({ stackDirectory: folder, tinypngKey: "k" });
  const { endpoint, region } = aws.account;
  return new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
}

it("have the indexes and the time to live that the stack gives them", async () => {
  const client = await start({
    read_capacity: 2,
    write_capacity: 1,
    global_secondary_index: [
      { name: "of-owner", hash_key: "owner", projection_type: "KEYS_ONLY", read_capacity: 5, write_capacity: 4 },
    ],
    local_secondary_index: {
      name: "by-owner",
      range_key: "owner",
      projection_type: "INCLUDE",
      non_key_attributes: ["device"],
    },
    ttl: { attribute_name: "expires", enabled: true },
  });
  const hash = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" });
  expect((await client.send(new DescribeTableCommand({ TableName }))).Table).toMatchObject({
    ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 1 },
    GlobalSecondaryIndexes: [
      {
        IndexName: "of-owner",
        KeySchema: [hash("owner")],
        Projection: { ProjectionType: "KEYS_ONLY" },
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 4 },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: "by-owner",
        KeySchema: [hash("id"), { AttributeName: "owner", KeyType: "RANGE" }],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["device"] },
      },
    ],
  });
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
  client.destroy();
});

it.each<[string, object, string]>([
  ["an argument of an index that is not known", { hash_keys: ["a"] }, '"hash_keys"'],
  ["another projection", { projection_type: "SOME" }, "ALL, KEYS_ONLY, INCLUDE"],
])("with %s is refused by name", async (_what, more, message) => {
  const index = { name: "of-owner", hash_key: "owner", projection_type: "ALL", ...more };
  const table = { billing_mode: "PAY_PER_REQUEST", global_secondary_index: [index] };
  await expect(start(table)).rejects.toThrow(message);
  aws = undefined;
});
