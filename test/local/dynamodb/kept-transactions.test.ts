// Transactions and a restart: what is kept of one is all of it, and its token with it.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScanCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { openJournal } from "../../../local/data/journal";
import { startDynamodb, USER_PROFILE } from "./harness";

const folder = mkdtempSync(join(tmpdir(), "kept transactions "));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "journal.jsonl");
const MINUTE = 60_000;

const tables = ["first", "second"];
const TransactItems = tables.map((TableName) => ({
  Update: {
    TableName,
    Key: { id: { N: "1" } },
    UpdateExpression: "ADD visits :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
  },
}));
const command = new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: "once" });

/** Starts on what is kept, works, and ends. */
async function run(now: number, work: (aws: Awaited<ReturnType<typeof startDynamodb>>) => Promise<void>) {
  const journal = openJournal(file, { format: 1, region: "eu-west-1" });
  const aws = await startDynamodb(() => now, journal);
  for (const tableName of tables) await aws.dynamodb.createTable({ ...USER_PROFILE, tableName });
  journal.begin();
  try {
    await work(aws);
  } finally {
    await aws.close();
    journal.close();
  }
}

test("a transaction is done once for its token over a restart, and again after ten minutes", async () => {
  const began = Date.now();
  const visits = async ({ client }: Awaited<ReturnType<typeof startDynamodb>>) =>
    (await client.send(new ScanCommand({ TableName: "second" }))).Items?.map((item) => item.visits?.N);

  await run(began, async (aws) => {
    await aws.client.send(command);
    const line = readFileSync(file, "utf8").trim().split("\n").at(-1) ?? "";
    const kinds = (JSON.parse(line) as string[][]).map(([kind, owner]) => `${kind} ${owner}`.trim());
    expect(kinds).toEqual(expect.arrayContaining(["item first", "item second", "transaction token"]));
  });
  await run(began + 9 * MINUTE, async (aws) => {
    await aws.client.send(command);
    expect(await visits(aws)).toEqual(["1"]);
    const other = new TransactWriteItemsCommand({ ...command.input, TransactItems: TransactItems.slice(1) });
    await expect(aws.client.send(other)).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" });
  });
  await run(began + 11 * MINUTE, async (aws) => {
    await aws.client.send(command);
    expect(await visits(aws)).toEqual(["2"]);
  });
});
