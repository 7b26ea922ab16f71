// Tables that are not the stack's: with secondary indexes and items that expire, which Terraform makes, changes and destroys
// on the embedded AWS.

import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { startEmbedded } from "./emulators";
import { servicesOf } from "./services";
import { Workspace } from "./workspace";

const TableName = "sessions";
const TABLE = "aws_dynamodb_table.sessions";
const index = (name: string, more = {}) => ({ name, hash_key: name, projection_type: "ALL", ...more });
const attribute = (name: string, type = "S") => ({ name, type });
const ON_DEMAND = {
  name: TableName,
  hash_key: "id",
  billing_mode: "PAY_PER_REQUEST",
  attribute: [attribute("id"), attribute("owner")],
  global_secondary_index: [index("owner")],
  ttl: { enabled: true, attribute_name: "expires" },
};

const byDevice = (more = {}) => index("device", { projection_type: "INCLUDE", non_key_attributes: ["owner"], ...more });
const LATER = {
  ...ON_DEMAND,
  attribute: [attribute("id"), attribute("device")],
  global_secondary_index: [byDevice()],
  ttl: { enabled: false, attribute_name: "expires" },
};

let emulator: Awaited<ReturnType<typeof startEmbedded>>;
let workspace: Workspace;
let table: Record<string, unknown> = ON_DEMAND;
beforeAll(async () => {
  emulator = await startEmbedded("a-key");
  const onlyTable: typeof emulator.spare = ({ terraform, provider, variable }) => ({
    ...{ terraform, provider, variable },
    resource: { aws_dynamodb_table: { sessions: table } },
  });
  workspace = new Workspace({ ...emulator, spare: onlyTable });
});
afterAll(async () => {
  await emulator?.stop();
  workspace?.remove();
});

const client = () => servicesOf(emulator.endpoint).dynamodb;
const described = async () => (await client().send(new DescribeTableCommand({ TableName }))).Table;
const timeToLive = async () =>
  (await client().send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
const idsIn = async (IndexName: string) =>
  (await client().send(new ScanCommand({ TableName, IndexName }))).Items?.map(({ id }) => id?.S).sort();

/** Applies another version of the table, in place. */
async function change(version: Record<string, unknown>, ...changed: string[]) {
  table = version;
  await workspace.configure({});
  expect(await workspace.plan()).toEqual([
    { address: TABLE, actions: ["update"], changed: expect.arrayContaining(changed) },
  ]);
  await workspace.apply();
  expect(await workspace.plan()).toEqual([]);
}

test("a table is made with its index and its time to live, and a second plan is empty", async () => {
  await workspace.configure({});
  await workspace.apply();
  expect(await workspace.plan()).toEqual([]);
  expect((await described())?.GlobalSecondaryIndexes).toMatchObject([{ IndexName: "owner", IndexStatus: "ACTIVE" }]);
  expect(await timeToLive()).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
  const Item = { id: { S: "1" }, owner: { S: "Pete" }, device: { S: "phone" } };
  await client().send(new PutItemCommand({ TableName, Item }));
  expect(await idsIn("owner")).toEqual(["1"]);
});

test("an index comes and another goes, and items expire no more", async () => {
  await change(LATER, "global_secondary_index", "ttl");
  expect(await idsIn("device")).toEqual(["1"]);
  expect((await described())?.AttributeDefinitions).toEqual([
    { AttributeName: "id", AttributeType: "S" },
    { AttributeName: "device", AttributeType: "S" },
  ]);
  expect(await timeToLive()).toEqual({ TimeToLiveStatus: "DISABLED" });
});

test("its capacity is its own and its index's, and both go", async () => {
  await change(
    {
      ...LATER,
      billing_mode: "PROVISIONED",
      read_capacity: 3,
      write_capacity: 2,
      global_secondary_index: [byDevice({ read_capacity: 5, write_capacity: 1 })],
    },
    "billing_mode",
    "global_secondary_index",
  );
  expect(await described()).toMatchObject({
    ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 2 },
    GlobalSecondaryIndexes: [{ IndexName: "device", ProvisionedThroughput: { ReadCapacityUnits: 5 } }],
  });
  await change(LATER, "billing_mode");
});

test("it is destroyed", async () => {
  const { code, output } = await workspace.destroy();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
  expect((await client().send(new ListTablesCommand({}))).TableNames).toEqual([]);
});
