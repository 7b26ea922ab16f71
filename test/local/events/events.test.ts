// EventBridge, asked by AWS's own client.

import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import { createEdge } from "../../../local/edge";
import { createEvents } from "../../../local/events";
import type { Credentials } from "../../../local/iam/types";
import { ACCOUNT, createTestIam } from "../iam/account";

const BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/default";

const account = { ...ACCOUNT };
const { iam, credentials, activity, activities } = createTestIam([
  {
    Effect: "Allow",
    Action: "events:PutEvents",
    Resource: BUS,
    Condition: { StringEquals: { "events:source": "app", "events:detail-type": "Done" } },
  },
]);
const events = createEvents({ account, activity, iam });
const edge = createEdge({ account, activity, iam, services: { events } });
const clients: EventBridgeClient[] = [];

function clientOf({ accessKeyId, secretAccessKey, sessionToken }: Omit<Credentials, "caller">): EventBridgeClient {
  const client = new EventBridgeClient({
    endpoint: account.endpoint,
    region: account.region,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 1,
  });
  clients.push(client);
  return client;
}

let client: EventBridgeClient;
beforeAll(async () => {
  await edge.listen(0);
  client = clientOf({ accessKeyId: "test", secretAccessKey: "test" });
});
afterAll(async () => {
  for (const each of clients) each.destroy();
  await edge.close();
  await events.close();
});

const ENTRY: PutEventsRequestEntry = { Source: "app", DetailType: "Done", Detail: '{"what":{"a":1}}' };
const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));

describe("an event", () => {
  it("is taken, kept as rules would see it, and published", async () => {
    const Time = new Date("2026-11-26T12:00:00Z");
    const answer = await put({ ...ENTRY, Time, Resources: ["arn:aws:s3:::photos"], EventBusName: "default" });
    const [{ EventId: id = "" } = {}] = answer.Entries ?? [];
    expect(answer).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
    });
    const event = {
      version: "0",
      id,
      "detail-type": "Done",
      source: "app",
      account: "111122223333",
      time: "2026-11-26T12:00:00Z",
      region: "eu-west-1",
      resources: ["arn:aws:s3:::photos"],
      detail: { what: { a: 1 } },
    };
    expect(events.recent().at(-1)).toEqual(event);
    expect(activities).toContainEqual(
      expect.objectContaining({ service: "events", action: "Event", resource: BUS, detail: { event } }),
    );
  });

  it("is one of up to ten, of which the good are taken whatever the others are", async () => {
    const before = events.recent().length;
    const answer = await put(ENTRY, { ...ENTRY, Detail: "no JSON" }, ENTRY);
    expect(answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ EventId: expect.any(String) }, { ErrorCode: "MalformedDetail" }, { EventId: expect.any(String) }],
    });
    expect(events.recent()).toHaveLength(before + 2);
    expect((await put(...Array.from({ length: 10 }, () => ENTRY))).FailedEntryCount).toBe(0);
  });

  it.each<[string, Partial<PutEventsRequestEntry>, string, string]>([
    ["no source", { Source: undefined }, "InvalidArgument", "Source is a required argument"],
    ["no detail type", { DetailType: undefined }, "InvalidArgument", "DetailType is a required argument"],
    ["no detail", { Detail: undefined }, "InvalidArgument", "Detail is a required argument"],
    ["a detail that is not an object", { Detail: "[]" }, "MalformedDetail", "Detail is malformed"],
    ["a source of AWS's", { Source: "aws.s3" }, "NotAuthorizedForSourceException", "Not authorized for the source"],
    ["a long detail type", { DetailType: "x".repeat(129) }, "InvalidArgument", "128 at most"],
    ["a long resource", { Resources: ["x".repeat(2049)] }, "InvalidArgument", "2048 at most"],
  ])("with %s fails alone", async (_, change, ErrorCode, message) => {
    expect(await put({ ...ENTRY, ...change })).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode, ErrorMessage: expect.stringContaining(message) }],
    });
  });
});

describe("a request is refused", () => {
  it.each<[string, PutEventsRequestEntry[], string]>([
    ["no entry", [], "1 to 10 elements (given 0)"],
    ["eleven entries", Array.from({ length: 11 }, () => ENTRY), "1 to 10 elements (given 11)"],
    ["a megabyte", [{ ...ENTRY, Detail: JSON.stringify({ a: "x".repeat(1024 * 1024) }) }], "over the limit"],
  ])("with %s", async (_, entries, message) => {
    await expect(put(...entries)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    });
  });

  it("for another bus than the default one", async () => {
    await expect(put({ ...ENTRY, EventBusName: "others" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: expect.stringContaining('"others"'),
    });
  });

  it("for what there is not here: rules", async () => {
    await expect(client.send(new ListRulesCommand({}))).rejects.toMatchObject({ name: "UnknownOperationException" });
  });
});

describe("a role", () => {
  const ofRole = (change: Partial<PutEventsRequestEntry> = {}) =>
    clientOf(credentials).send(new PutEventsCommand({ Entries: [{ ...ENTRY, ...change }] }));

  it("sends what its policy names by source and detail type", async () => {
    expect((await ofRole()).FailedEntryCount).toBe(0);
  });

  it.each([{ Source: "another" }, { DetailType: "Undone" }, { Source: undefined }])(
    "does not send %j",
    async (change) => {
      const refusal = ofRole(change);
      await expect(refusal).rejects.toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringContaining(`is not authorized to perform: events:PutEvents on resource: ${BUS}`),
      });
    },
  );
});

it("the newest thousand are kept", async () => {
  for (let round = 0; round < 101; round += 1) await put(...Array.from({ length: 10 }, () => ENTRY));
  expect(events.recent()).toHaveLength(1000);
});
