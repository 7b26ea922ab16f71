// The sample profiles of samples/user-profile.json, in the table of a running pipeline.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BatchWriteItemCommand, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { idIn, type ProfileIds } from "../functions/lib/profile-id";
import { PROJECT_ROOT } from "../stack/project-root";
import type { Pipeline } from "./index";

const FILE = join(PROJECT_ROOT, "samples", "user-profile.json");
/** BatchWriteItem takes so many: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const BATCH_LIMIT = 25;

/** Loads the five sample profiles and, where more are wanted, plain ones: up to so many, or of these ids. */
export async function loadSampleProfiles(
  { dynamodb, names, profileIds }: Pipeline,
  more: number | readonly string[] = 0,
): Promise<void> {
  const requestItems: Record<string, WriteRequest[]> = JSON.parse(readFileSync(FILE, "utf8"));
  const samples = Object.values(requestItems)
    .flat()
    .map(({ PutRequest }) => {
      const Item = PutRequest?.Item ?? {};
      return { PutRequest: { Item: { ...Item, ...profileIds.keyOf(idIn(Item) ?? "") } } };
    });
  const there = new Set(samples.map(({ PutRequest }) => idIn(PutRequest.Item)));
  const ids = typeof more === "number" ? Array.from({ length: more }, (_, index) => String(1 + index)) : more;
  const others = ids.filter((id) => !there.has(id)).map((id) => profile(id, profileIds));
  const requests = [...samples, ...others];
  for (let start = 0; start < requests.length; start += BATCH_LIMIT) {
    const batch = requests.slice(start, start + BATCH_LIMIT);
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [names.table]: batch } }));
  }
}

const profile = (id: string, { keyOf }: ProfileIds): WriteRequest => ({
  PutRequest: { Item: { ...keyOf(id), name: { S: `Pilot ${id}` }, nick: { S: `Rookie ${id}` } } },
});
