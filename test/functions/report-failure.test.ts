// ReportFailure: what it makes of the three forms of failure records, and of anything else.

import "./configuration"; // First: the function asks for it when it is imported.
import { NoSuchKey } from "@aws-sdk/client-s3";
import { createHandler } from "../../functions/report-failure";
import { changeRecord, photoRecord, uploadRecord } from "./factories";

const objects = new Map<string, string>();
const sendEvent = jest.fn();
const s3 = {
  send: jest.fn(async ({ input }: { input: { Bucket: string; Key: string } }) => {
    const text = objects.get(`${input.Bucket}/${input.Key}`);
    if (text === undefined) throw new NoSuchKey({ message: "no such key", $metadata: {} });
    return { Body: { transformToString: async () => text } };
  }),
};
const handler = createHandler({ s3: s3 as never, sendEvent });
const infos: unknown[] = [];

beforeEach(() => {
  objects.clear();
  sendEvent.mockReset();
  infos.length = 0;
  jest.spyOn(console, "info").mockImplementation((entry) => void infos.push(entry));
});
afterEach(() => jest.restoreAllMocks());

async function report(key: string, content: unknown): Promise<unknown[]> {
  objects.set(`failures/${key}`, typeof content === "string" ? content : JSON.stringify(content));
  await handler({ Records: [uploadRecord({ bucket: "failures", key })] });
  return sendEvent.mock.calls.map(([event]) => event);
}

const VERSION = "2026-11-24T12:00:00.000Z#0055AED6DCD90281E500000000000000";

it("tells a function's own record in its words, with whose photo it is where that is known", async () => {
  const record = "SetProfileImage/2026/11/24/2026-11-24T12.00.00-0123456789abcdef.json";
  const events = await report(record, {
    version: "1.0",
    function: "SetProfileImage",
    reason: { code: "UnknownProfile", message: "There is no profile 4711" },
    profileId: "4711",
    event: { Records: [uploadRecord({ key: "original/a b.jpg" })] },
  });
  expect(events).toEqual([
    {
      type: "Photo failed",
      detail: {
        profileId: "4711",
        photo: { key: "original/a b.jpg", version: VERSION },
        failure: { code: "UnknownProfile", reason: "There is no profile 4711", record },
      },
    },
  ]);
});

it("tells of an upload that Lambda gave up", async () => {
  const record = "aws/lambda/async/SetProfileImage/2026/11/24/2026-11-24T12.03.00-uuid";
  const events = await report(record, {
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
    requestPayload: { Records: [uploadRecord()] },
    responsePayload: { errorMessage: "User: arn:aws:… is not authorized" },
  });
  expect(events).toEqual([
    {
      type: "Photo failed",
      detail: {
        photo: { key: "original/photo.jpg", version: VERSION },
        failure: { code: "RetriesExhausted", reason: "Lambda gave up on it after 3 tries: RetriesExhausted", record },
      },
    },
  ]);
});

it("tells of each photo in a batch of changes that Lambda gave up, and of no other change", async () => {
  const events = await report("aws/lambda/uuid/shard/2026/11/24/x", {
    requestContext: { condition: "RecordAgeExceeded" },
    payload: JSON.stringify({
      Records: [
        photoRecord("3", "original/3.jpg", "e3"),
        changeRecord({ id: "4", before: { key: "original/4.jpg" } }),
        changeRecord({ id: "5", before: { key: "original/5.jpg" }, after: { key: "original/5.jpg", nick: "Viper" } }),
        photoRecord("6", `original/${"x".repeat(1015)}.jpg`, "e6"),
      ],
    }),
  });
  expect(events).toMatchObject([
    {
      detail: {
        profileId: "3",
        photo: { key: "original/3.jpg", version: "v-e3" },
        failure: { code: "RecordAgeExceeded", reason: "Lambda gave up on it: RecordAgeExceeded" },
      },
    },
    { detail: { profileId: "6" } },
  ]);
});

it("tells nothing of a record that is gone by then", async () => {
  await handler({ Records: [uploadRecord({ bucket: "failures", key: "CreateThumbnail/gone.json" })] });
  expect(sendEvent).not.toHaveBeenCalled();
  expect(infos).toEqual([{ message: expect.stringContaining("before"), failureKey: "CreateThumbnail/gone.json" }]);
});

it.each(["no JSON", "{}", '{"event":{"Records":[]}}'])("fails with %s, which is not a failure record", async (text) => {
  await expect(report("CreateThumbnail/odd.json", text)).rejects.toThrow();
});

it("fails when an event was not taken, so that Lambda tries again", async () => {
  sendEvent.mockRejectedValueOnce(new Error("EventBridge did not take it"));
  const content = { reason: { code: "PhotoGone", message: "gone" }, event: { Records: [uploadRecord()] } };
  await expect(report("SetProfileImage/x.json", content)).rejects.toThrow("did not take");
});
