// Which records of a shard a lane takes: Lambda keeps the order of each item, and promises no other.
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html

import { createTableStream } from "../../../local/dynamodb/stream";
import { createBatchCollector } from "../../../local/lambda/event-source-mapping/batch";

const TABLE = {
  TableName: "photos",
  TableArn: "arn:aws:dynamodb:eu-west-1:111122223333:table/photos",
  TableStatus: "ACTIVE",
  KeySchema: [
    { AttributeName: "owner", KeyType: "HASH" },
    { AttributeName: "taken", KeyType: "RANGE" },
  ],
  AttributeDefinitions: [
    { AttributeName: "owner", AttributeType: "S" },
    { AttributeName: "taken", AttributeType: "N" },
  ],
} as const;
const LANES = 10;

it("the changes of one item share a lane, those of one partition key need not", () => {
  const stream = createTableStream({
    table: TABLE,
    region: "eu-west-1",
    viewType: "KEYS_ONLY",
    clock: () => 1_800_000_000_000,
  });
  const items = Array.from({ length: 20 }, (_, taken) => String(taken));
  for (const version of ["1", "2", "3"]) {
    stream.append(
      items.map((taken) => ({
        tableName: TABLE.TableName,
        key: taken,
        newItem: { owner: { S: "maverick" }, taken: { N: taken }, version: { N: version } },
      })),
    );
  }
  const lanes = Array.from({ length: LANES }, (_, index) => {
    const lane = { index, of: LANES };
    const collector = createBatchCollector({ stream, batchSize: 100, passes: () => true, lane });
    collector.fill();
    return collector.take().map(({ dynamodb }) => dynamodb.Keys.taken?.N);
  });

  for (const taken of items) {
    expect(lanes.filter((lane) => lane.includes(taken)).map((lane) => lane.filter((each) => each === taken))).toEqual([
      [taken, taken, taken],
    ]);
  }
  expect(lanes.filter((lane) => lane.length > 0).length).toBeGreaterThan(1);
});
