import { createFailureKeeper, PermanentFailure } from "../../../functions/lib/failure-record";
import { createFakeS3, s3Error } from "../fake-s3";

const FAILURE = {
  reason: new PermanentFailure("UnknownProfile", "There is no profile 7", "7"),
  identity: "images/original/7.jpg#v1",
  eventTime: "2026-11-24T23:59:59.999Z",
  record: { eventName: "ObjectCreated:Put" },
  key: "original/7.jpg",
};

let s3: ReturnType<typeof createFakeS3>;
beforeEach(() => {
  s3 = createFakeS3();
  jest.spyOn(console, "error").mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

const keep = (failure: Parameters<ReturnType<typeof createFailureKeeper>>[0]) =>
  createFailureKeeper(s3.client, "failures", "SetProfileImage")(failure);

it("a failure record says all that an operator needs to understand and replay it", async () => {
  const before = Date.now();
  await keep(FAILURE);
  const [{ timestamp, ...content } = {}] = s3.failures();
  expect(content).toEqual({
    path: expect.stringMatching(/^failures\/SetProfileImage\/2026\/11\/24\/2026-11-24T23\.59\.59-[0-9a-f]{16}\.json$/),
    version: "1.0",
    function: "SetProfileImage",
    reason: { code: "UnknownProfile", message: "There is no profile 7" },
    profileId: "7",
    key: "original/7.jpg",
    event: { Records: [{ eventName: "ObjectCreated:Put" }] },
  });
  expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(before);
  expect(timestamp).toBe(new Date(timestamp).toISOString());
});

it("it is JSON to whoever downloads it", async () => {
  await keep(FAILURE);
  expect(s3.object(s3.failures()[0]?.path ?? "")?.contentType).toBe("application/json");
});

it("the same record leaves one failure record, and another record another", async () => {
  await keep(FAILURE);
  await keep(FAILURE);
  expect(s3.failures()).toHaveLength(1);
  await keep({ ...FAILURE, identity: "images/original/7.jpg#v2" });
  expect(s3.failures()).toHaveLength(2);
});

it("what is not known is left out", async () => {
  await keep({ ...FAILURE, reason: new PermanentFailure("NoProfileId", "message"), key: undefined });
  const [content] = s3.failures();
  expect(content).not.toHaveProperty("profileId");
  expect(content).not.toHaveProperty("key");
});

it("a failure that S3 does not take is thrown, and not logged as kept", async () => {
  s3.fail("PutObject failures", s3Error("SlowDown", 503));
  await expect(keep(FAILURE)).rejects.toMatchObject({ name: "SlowDown" });
  expect(console.error).not.toHaveBeenCalled();
});
