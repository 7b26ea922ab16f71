// What the console tells of photos on their way through a real pipeline: each step, how it ended, and how to try again.

import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type {
  Failure,
  FaultSwitch,
  FirstState,
  NodeDetails,
  Photo,
  Step,
  StepDetails,
  Timeline,
  Update,
} from "../../console/types";
import { whileHeld } from "../cli/operations";
import { picture } from "../local/tinify/pictures";
import { startConsole, type TestConsole } from "./console-harness";
import { type Listener, listen, post, send, upload } from "./requests";

let console: TestConsole;
let origin: string;
let page: Listener;
let bytes: Buffer;
const notes = Buffer.from("These are notes.");
beforeAll(async () => {
  console = await startConsole();
  ({ origin } = console);
  bytes = await photoOf(300);
});
afterAll(() => console.close());
beforeEach(async () => {
  page = await listen(origin);
});
afterEach(async () => {
  page.close();
  for (const { name } of (await state()).faults) await post(origin, "/api/faults", { name, isOn: false });
  await console.pipeline.aws.idle();
  expect(console.bugs).toEqual([]);
});
jest.setTimeout(60_000);

/** Small, since nothing here depends on how long a photo takes. */
const photoOf = (width: number) => picture(width, 200).jpeg().toBuffer();

async function state(): Promise<Required<Update> & { faults: readonly FaultSwitch[] }> {
  const { text } = await send(origin, "/");
  return JSON.parse(/type="application\/json">(.*)<\/script>/.exec(text)?.[1] ?? "");
}

const firstState = async (): Promise<FirstState> => (await state()) as unknown as FirstState;

/** The photo of that key once it has come to that end. */
async function ended(key: string, wanted: Photo["state"]): Promise<Photo> {
  const isIt = (photo: Photo) => photo.key === key && photo.state === wanted;
  const { photos } = await page.until((update) => update.photos?.items.some(isIt) ?? false);
  return photos?.items.find(isIt) as Photo;
}

const timelineOf = async ({ id }: Photo): Promise<Timeline> => (await send(origin, `/api/photos/${id}`)).json();

const detailsOf = async ({ id }: Photo, step: Step | undefined): Promise<StepDetails> =>
  (await send(origin, `/api/photos/${id}/steps/${step?.id}`)).json();

describe("The timeline of a photo", () => {
  test("has every step from the upload to the thumbnail, in order, each within its invocation", async () => {
    const photo = await ended(await upload(origin, "1", "merlin.jpg", bytes), "done");
    await console.pipeline.aws.idle();
    const { steps } = await timelineOf(photo);
    const [set, create] = steps.filter(({ action }) => action === "Invoke");
    expect(steps.map(({ action, subject, within }) => [action, subject, within])).toEqual([
      ["PostObject", "original/1/merlin.jpg", undefined],
      ["Notify", "SetProfileImage", undefined],
      ["Invoke", "SetProfileImage", undefined],
      ["HeadObject", "original/1/merlin.jpg", set?.id],
      ["UpdateItem", "user-profile", set?.id],
      ["StreamAppend", "stream of user-profile", set?.id],
      ["Invoke", "CreateThumbnail", undefined],
      ["GetObject", "original/1/merlin.jpg", create?.id],
      ["GetParameter", "/profile-image/tinypng-key", create?.id],
      ["Shrink", "", create?.id],
      ["Result", "", create?.id],
      ["PutObject", "thumbnails/1/merlin.jpg", create?.id],
      ["UpdateItem", "user-profile", create?.id],
      ["StreamAppend", "stream of user-profile", create?.id],
    ]);
    expect(set).toMatchObject({ isRunning: false, ms: expect.any(Number) });
    expect(set?.notes).toEqual([
      expect.stringMatching(/^cold start \d+ ms$/),
      expect.stringMatching(/^ran/),
      expect.stringMatching(/ MB$/),
      "by s3.amazonaws.com",
    ]);
    expect(steps.find(({ action }) => action === "Result")?.notes).toEqual(["150×100", expect.stringMatching(/kB$/)]);
    expect(photo).toMatchObject({
      at: steps[0]?.at,
      original: { width: 300, height: 200, bytes: bytes.length },
      thumbnail: { width: 150, height: 100, bytes: expect.any(Number) },
    });
    expect((await timelineOf(photo)).photo.profileId).toBe("1");
  });

  test("is pushed as it grows, not only when it is complete", async () => {
    // However late a busy machine tells of it, it takes longer than changes are gathered.
    await post(origin, "/api/faults", { name: "slow-dynamodb", isOn: true });
    await ended(await upload(origin, "2", "iceman.jpg", bytes), "done");
    const seen = page.updates.flatMap(({ timeline }) =>
      timeline?.photo.key === "original/2/iceman.jpg" ? [timeline] : [],
    );
    expect(seen.length).toBeGreaterThan(1);
    expect(seen[0]?.photo.state).toBe("running");
  });

  test("tells on which edges of the diagram it goes, and what each node has done", async () => {
    const { diagram, work: before } = (await state()) as unknown as FirstState;
    const nameOf = (id: string) => {
      const { kind, name } = diagram.nodes.find((node) => node.id === id) ?? { kind: "", name: id };
      return kind === "stream" ? "stream" : name.replace(/-\d{12}$/, "");
    };
    const photo = await ended(await upload(origin, "2", "hops.jpg", bytes), "done");
    await console.pipeline.aws.idle();
    const hops = page.updates.flatMap((update) => update.hops ?? []).filter((hop) => hop.photo === photo.id);
    expect(hops.map(({ from, to }) => `${nameOf(from)} → ${nameOf(to)}`)).toEqual([
      "user-profile-images → SetProfileImage",
      "SetProfileImage → user-profile",
      "user-profile → stream",
      "stream → CreateThumbnail",
      "CreateThumbnail → TinyPNG",
      "TinyPNG → CreateThumbnail",
      "CreateThumbnail → user-profile-images",
      "CreateThumbnail → user-profile",
    ]);
    expect(hops.at(-1)?.label).toBe("2");
    const { work } = (await state()) as unknown as FirstState;
    const more = work.map(({ node, count, here, failing }, index) => [
      nameOf(node),
      count - (before[index]?.count ?? 0),
      here,
      failing,
    ]);
    expect(more.sort()).toEqual([
      ["CreateThumbnail", 1, 0, 0],
      ["SetProfileImage", 1, 0, 0],
      ["TinyPNG", 1, 0, 0],
      ["stream", 2, 0, 0],
      ["user-profile", 2, 0, 0],
      ["user-profile-failures", 0, 0, 0],
      ["user-profile-images", 2, 0, 0],
    ]);
  });

  test("is told by the nodes of the diagram, too: what is in them, what they printed, their policy and their Terraform", async () => {
    await ended(await upload(origin, "3", "node.jpg", bytes), "done");
    const detailsOfNode = async (id: string): Promise<NodeDetails> =>
      (await send(origin, `/api/nodes/${encodeURIComponent(id)}`)).json();
    const created = await detailsOfNode("aws_lambda_function.create_thumbnail_function");
    expect(created.terraform.map(({ address }) => address)).toEqual([
      "aws_lambda_function.create_thumbnail_function",
      "aws_lambda_event_source_mapping.profile_changes_mapping",
    ]);
    expect(created.terraform[0]?.body).toMatchObject({ function_name: "CreateThumbnail", timeout: 120 });
    expect(created.policies.map(({ name }) => name)).toEqual(["aws_iam_role_policy.create_thumbnail_role_policy"]);
    expect(created.log.join("\n")).toContain("node.jpg");
    expect(created.waiting).toEqual({ items: [], offset: 0, total: 0 });
    const bucket = await detailsOfNode("aws_s3_bucket.images_bucket");
    expect(bucket.policies.map(({ name }) => name)).toEqual(["aws_s3_bucket_policy.images_policy"]);
    expect(bucket.terraform.map(({ address }) => address)).toContain("aws_s3_bucket_versioning.images_versioning");
    const stream = await detailsOfNode("aws_dynamodb_table.user_profile.stream");
    expect(stream.terraform.map(({ address }) => address)).toEqual([
      "aws_dynamodb_table.user_profile",
      "aws_lambda_event_source_mapping.profile_changes_mapping",
    ]);
    expect((await send(origin, "/api/nodes/nothing")).status).toBe(404);
  });

  test("is on the card of its profile at each stage, whoever sent the photo", async () => {
    const { s3, names } = console.pipeline;
    const object = { Bucket: names.bucket, Key: "original/2/from-elsewhere.jpg", Body: bytes };
    await s3.send(new PutObjectCommand({ ...object, Metadata: { "user-profile-id": "2" } }));
    const photoIn = ({ profiles }: Update) =>
      profiles === "many" ? undefined : profiles?.find(({ photo }) => photo?.key === object.Key)?.photo;
    await page.until((update) => photoIn(update)?.state === "done");
    const seen = page.updates.flatMap((update) => photoIn(update) ?? []);
    expect(seen[0]?.profileId).toBe("2");
    const order = ["uploaded", "set", "making", "done"];
    const places = seen.map(({ state, stage }) => order.indexOf(state === "done" ? state : stage));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const made = seen.at(-1);
    // Sent once more its thumbnail is there, and still known.
    await s3.send(new PutObjectCommand({ ...object, Metadata: { "user-profile-id": "2" } }));
    const again = await page.until((update) => photoIn(update)?.state === "done" && photoIn(update)?.id !== made?.id);
    expect(photoIn(again)).toMatchObject({ original: made?.original, thumbnail: made?.thumbnail });
    expect(made?.thumbnail).toBeDefined();
    const { profiles } = await firstState();
    expect(profiles.items.find(({ id }) => id === "2")?.photo).toMatchObject({ key: object.Key, state: "done" });
  });

  test("gives a step's event, log lines and IAM decisions when it is opened", async () => {
    const photo = await ended(await upload(origin, "3", "goose.jpg", bytes), "done");
    await console.pipeline.aws.idle();
    const { steps } = await timelineOf(photo);
    const invocation = await detailsOf(
      photo,
      steps.find(({ action }) => action === "Invoke"),
    );
    expect(invocation.event).toMatchObject({ Records: [{ s3: { object: { key: "original/3/goose.jpg" } } }] });
    expect(invocation.log.join("\n")).toContain("set for profile 3");
    const update = await detailsOf(
      photo,
      steps.find(({ action }) => action === "UpdateItem"),
    );
    expect(JSON.parse(update.request?.body ?? "")).toMatchObject({
      TableName: "user-profile",
      ConditionExpression: expect.any(String),
    });
    expect(update).toMatchObject({
      response: { status: 200 },
      command: expect.stringMatching(
        /^AWS_ACCESS_KEY_ID=test .* aws dynamodb update-item --cli-input-json '.*' --endpoint-url /,
      ),
    });
    expect(invocation.command).toContain("aws lambda invoke --function-name SetProfileImage");
    expect(update.decisions).toEqual([
      {
        action: "dynamodb:UpdateItem",
        resource: expect.stringMatching(/:table\/user-profile$/),
        decision: "Allow",
        reason: expect.any(String),
      },
    ]);
  });

  test("tells of photos that come some other way, and of those that nothing is done for", async () => {
    const { s3, names } = console.pipeline;
    const Metadata = { "user-profile-id": "4" };
    const put = async (Key: string, Body = bytes) => {
      await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body, Metadata }));
    };
    const replace = async () => put("original/replaced.jpg", await photoOf(360));
    await whileHeld(console.pipeline, "HEAD original/replaced.jpg", replace, async () => {
      await put("original/replaced.jpg");
      await console.pipeline.aws.idle();
    });
    await put("original/nobody.txt");
    expect((await ended("original/replaced.jpg", "skipped")).reason).toBe(
      "SetProfileImage changed no profile; its log says why",
    );
    expect((await ended("original/nobody.txt", "skipped")).reason).toContain("no function is notified of this key");
  });

  test("keeps the photos of one batch apart", async () => {
    const pictures = await Promise.all([300, 320, 340].map(photoOf));
    await post(origin, "/api/faults", { name: "kill-CreateThumbnail", isOn: true });
    const keys = await Promise.all(
      pictures.map((each, index) => upload(origin, String(index + 1), `batch-${index}.jpg`, each)),
    );
    await page.until(({ faults }) => (faults?.find(({ isOn }) => isOn)?.hits ?? 0) > 0);
    await post(origin, "/api/faults", { name: "kill-CreateThumbnail", isOn: false });
    for (const key of keys) {
      const { steps } = await timelineOf(await ended(key, "done"));
      const keysOf = steps.filter(({ service }) => service === "s3").map(({ subject }) => subject);
      const unexpected = keysOf.filter((subject) => keys.some((other) => other !== key && subject === other));
      expect(unexpected).toEqual([]);
      expect(steps.filter(({ action, error }) => action === "Result" && error === undefined)).toHaveLength(1);
    }
  });
});

describe("A photo on a bad day", () => {
  const set = (name: string, isOn: boolean) => post(origin, "/api/faults", { name, isOn });
  const faultOf = async (name: string) => (await state()).faults.find((each) => each.name === name);

  test("comes twice to each function, and every one of these invocations ends", async () => {
    for (const name of ["repeat-events", "repeat-batches"]) await set(name, true);
    const key = await upload(origin, "5", "twice.jpg", bytes);
    const photo = await ended(key, "done");
    await console.pipeline.aws.idle();
    const { steps } = await timelineOf(photo);
    const invocations = steps.filter(({ action }) => action === "Invoke");
    expect(invocations.map(({ subject }) => subject).sort()).toEqual(
      ["CreateThumbnail", "SetProfileImage"].flatMap((name) => [name, name]),
    );
    expect(invocations.filter(({ isRunning, error }) => isRunning || error !== undefined)).toEqual([]);
    expect(await faultOf("repeat-events")).toMatchObject({ hits: 1, node: expect.stringMatching(/^aws_s3_bucket\./) });
    expect(await faultOf("repeat-batches")).toMatchObject({ hits: 1, node: expect.stringMatching(/\.stream$/) });
  });

  test("is slow where a service is, and where it is also refused it is both", async () => {
    for (const name of ["slow-dynamodb", "throttle-dynamodb"]) await set(name, true);
    const key = await upload(origin, "2", "slow.jpg", bytes);
    await page.until(({ faults }) => (faults?.find(({ name }) => name === "throttle-dynamodb")?.hits ?? 0) > 0);
    await set("throttle-dynamodb", false);
    const { steps } = await timelineOf(await ended(key, "done"));
    const [first, ...others] = steps.filter(({ action }) => action === "UpdateItem");
    expect(first).toMatchObject({ error: "ProvisionedThroughputExceededException" });
    expect(others.at(-1)?.error).toBeUndefined();
    for (const { ms = 0 } of [first, others.at(-1)].filter((each) => each !== undefined))
      expect(ms).toBeGreaterThan(799);
  });
});

describe("A photo that fails", () => {
  test("says why, and is redriven when the cause is fixed", async () => {
    const { dynamodb, s3, names } = console.pipeline;
    const Metadata = { "user-profile-id": "77" };
    const Key = "original/77/stranger.jpg";
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: bytes, Metadata }));
    const failed = await ended(Key, "failed");
    const { failures } = await page.until((update) => (update.failures?.total ?? 0) > 0);
    const [failure] = failures?.items ?? [];
    expect(failure).toMatchObject({
      record: failed.failureKey,
      functionName: "SetProfileImage",
      code: "UnknownProfile",
      message: "There is no profile 77",
      events: [{ key: Key, profileId: "77" }],
    });
    const redrive = () => post(origin, "/api/redrives", { record: failure?.record });
    expect((await redrive()).json()).toEqual({
      record: failure?.record,
      state: "failed",
      why: "UnknownProfile: There is no profile 77",
    });

    const Item = { id: { N: "77" }, name: { S: "A stranger" } };
    await dynamodb.send(new PutItemCommand({ TableName: names.table, Item }));
    expect((await redrive()).json()).toEqual({ record: failure?.record, state: "succeeded" });
    expect(await ended(Key, "done")).toMatchObject({ id: failed.id });
    await page.until((update) => update.failures?.total === 0);
    expect((await redrive()).json().error).toContain("There is no failure record");
  });

  test("is given up by Lambda when DynamoDB throttles for too long, and its timeline shows each try", async () => {
    const on = await post(origin, "/api/faults", { name: "throttle-dynamodb", isOn: true });
    expect(on.json().find(({ name }: FaultSwitch) => name === "throttle-dynamodb")).toMatchObject({
      isOn: true,
      hits: 0,
    });
    const photo = await ended(await upload(origin, "4", "throttled.jpg", bytes), "failed");
    const { steps } = await timelineOf(photo);
    expect(steps.filter(({ action }) => action === "Invoke").map(({ error }) => error)).toEqual(
      Array(3).fill("ProvisionedThroughputExceededException"),
    );
    expect(steps.filter(({ action, error }) => action === "UpdateItem" && error === undefined)).toEqual([]);
    expect(steps.filter(({ action }) => action.startsWith("Async")).map(({ action }) => action)).toEqual([
      "AsyncRetry",
      "AsyncRetry",
      "AsyncDiscard",
    ]);
    expect(photo).toMatchObject({
      reason: "RetriesExhausted",
      failureKey: expect.stringMatching(/^aws\/lambda\/async\/SetProfileImage\//),
    });

    await post(origin, "/api/faults", { name: "throttle-dynamodb", isOn: false });
    expect((await post(origin, "/api/redrives", { record: photo.failureKey })).json().state).toBe("succeeded");
    await ended(photo.key, "done");
    // Whoever redrives it begins again.
    const all = (await timelineOf(photo)).steps.filter(({ action }) => action === "Invoke");
    expect(all.map(({ subject, attempt }) => [subject, attempt?.number, attempt?.of])).toEqual([
      ...[1, 2, 3].map((number) => ["SetProfileImage", number, 3]),
      ["SetProfileImage", undefined, undefined],
      ["CreateThumbnail", undefined, undefined],
    ]);
  });

  test("has killed a warm function in each try, and only deaths are counted", async () => {
    const set = async (isOn: boolean): Promise<FaultSwitch> => {
      const faults = (await post(origin, "/api/faults", { name: "kill-SetProfileImage", isOn })).json();
      return faults.find(({ name }: FaultSwitch) => name === "kill-SetProfileImage");
    };
    await ended(await upload(origin, "3", "warm.jpg", bytes), "done");
    await set(true);
    const photo = await ended(await upload(origin, "3", "killed.jpg", bytes), "failed");
    // Switched on again it goes on counting.
    expect(await set(true)).toMatchObject({ isOn: true, hits: 3 });
    const { steps } = await timelineOf(photo);
    const tries = steps.filter(({ action }) => action === "Invoke");
    expect(tries.map(({ error }) => error)).toEqual(Array(3).fill("Runtime.ExitError"));
    const calls = steps.filter(({ service, within }) => service === "s3" && within !== undefined);
    const retries = steps.filter(({ action }) => action === "AsyncRetry");
    expect(retries.map(({ within }) => within)).toEqual(tries.slice(0, 2).map(({ id }) => id));
    expect(calls.map(({ action, error }) => `${action} ${error}`)).toEqual(Array(3).fill("HeadObject ConnectionCut"));
  });

  test("has its thumbnail again when Lambda gave up an event whose work was done, and it is redriven", async () => {
    const { faults } = console.pipeline.aws;
    let resolve = () => {};
    const done = new Promise<void>((settle) => {
      resolve = settle;
    });
    let writes = 0;
    const takeBack = faults.inject({
      request({ service, caller, operation }) {
        const isOfSetProfileImage = caller.kind === "role" && caller.roleName.startsWith("SetProfileImage");
        if (service !== "dynamodb" || !isOfSetProfileImage || operation !== "UpdateItem") return undefined;
        // The first write happens and only its answer is lost; no later one gets through.
        return writes++ === 0 ? { cut: "after" } : { until: done, cut: "before" };
      },
    });
    const key = await upload(origin, "2", "answered-too-late.jpg", bytes);
    await ended(key, "done");
    resolve();
    const { failureKey } = await ended(key, "failed");
    takeBack();
    expect((await post(origin, "/api/redrives", { record: failureKey })).json().state).toBe("succeeded");
    const end = (await state()).photos.items.find((photo) => photo.key === key);
    expect(end).toMatchObject({ state: "done" });
  });

  test("says what TinyPNG returned when Lambda gave up its batch", async () => {
    await post(origin, "/api/faults", { name: "tinypng-429", isOn: true });
    const key = await upload(origin, "5", "unpaid.jpg", bytes);
    const isOfIt = ({ events }: Failure) => events.some((event) => event.key === key);
    const { failures } = await page.until((update) => update.failures?.items.some(isOfIt) ?? false);
    expect(failures?.items.find(isOfIt)).toMatchObject({
      code: "RetryAttemptsExhausted",
      message: "TinyPNG: 429 TooManyRequests (Your monthly limit has been exceeded.), 6 tries",
    });
    const { steps } = await timelineOf(await ended(key, "failed"));
    const tries = steps.filter(({ subject, action }) => action === "Invoke" && subject === "CreateThumbnail");
    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6].map((number) => ({ number, of: 6 })));
    const calls = steps.filter(({ service }) => service === "tinify");
    expect(calls.map(({ action, error }) => `${action} ${error}`)).toEqual(Array(6).fill("Shrink TooManyRequests"));
    const outcomes = steps.filter(({ action }) => action === "StreamBatch");
    expect(outcomes.map(({ within }) => within)).toEqual(tries.map(({ id }) => id));
  });

  test("gets its thumbnail after all when TinyPNG's quota comes back in time", async () => {
    await post(origin, "/api/faults", { name: "tinypng-429", isOn: true });
    const key = await upload(origin, "5", "patient.jpg", bytes);
    await page.until(({ faults }) => (faults?.find(({ name }) => name === "tinypng-429")?.hits ?? 0) > 0);
    await post(origin, "/api/faults", { name: "tinypng-429", isOn: false });
    const { steps } = await timelineOf(await ended(key, "done"));
    expect(steps.find(({ service }) => service === "tinify")).toMatchObject({ error: "TooManyRequests" });
    // The next attempt looks for what the first may have made: that there is none is an answer, and no error.
    const look = steps.find(({ action, subject }) => action === "HeadObject" && subject.startsWith("thumbnails/"));
    expect(look).toMatchObject({ notes: ["no thumbnail yet"] });
    expect(look?.error).toBeUndefined();
  });

  const set = (name: string, isOn: boolean) => post(origin, "/api/faults", { name, isOn });
  const hitsOf = async (name: string) => (await state()).faults.find((each) => each.name === name)?.hits;

  test("for want of a permission is refused by IAM itself, and is redriven when the permission is back", async () => {
    await set("deny-UpdateItem", true);
    const photo = await ended(await upload(origin, "1", "denied.jpg", bytes), "failed");
    const { steps } = await timelineOf(photo);
    const { decisions } = await detailsOf(
      photo,
      steps.find(({ action }) => action === "UpdateItem"),
    );
    expect(decisions).toEqual([expect.objectContaining({ action: "dynamodb:UpdateItem", decision: "Deny" })]);
    expect(await hitsOf("deny-UpdateItem")).toBe(3);
    await set("deny-UpdateItem", false);
    expect((await post(origin, "/api/redrives", { record: photo.failureKey })).json().state).toBe("succeeded");
    await ended(photo.key, "done");
  });

  test.each([
    ["tinypng-401", expect.stringMatching(/^TinyPNG: 401 Unauthorized .*Credentials are invalid/)],
    ["tinypng-down", expect.stringContaining("socket hang up")],
    ["deny-PutObject", expect.stringContaining("is not authorized to perform: s3:PutObject")],
  ])("of %s is kept with the reason, and none is lost", async (name, message) => {
    await set(name, true);
    const key = await upload(origin, "5", `${name}.jpg`, bytes);
    const isOfIt = ({ events }: Failure) => events.some((event) => event.key === key);
    const { failures } = await page.until((update) => update.failures?.items.some(isOfIt) ?? false);
    expect(failures?.items.find(isOfIt)).toMatchObject({ code: "RetryAttemptsExhausted", message });
    await set(name, false);
    const { record } = failures?.items.find(isOfIt) ?? {};
    expect((await post(origin, "/api/redrives", { record })).json().state).toBe("succeeded");
    await ended(key, "done");
  });

  test("is shown with its record, which can be discarded alone or with all others, but no more than were seen", async () => {
    const keys = [await upload(origin, "1", "notes.jpg", notes), await upload(origin, "2", "more.jpg", notes)];
    const photos = [await ended(keys[0] ?? "", "failed"), await ended(keys[1] ?? "", "failed")];
    const { failures } = await state();
    const [one, two] = photos.map(({ failureKey }) => failures.items.find(({ record }) => record === failureKey));
    expect(one).toMatchObject({ photoId: photos[0]?.id, sentence: "This file is not a picture that can be read." });
    expect(two).toMatchObject({ photoId: photos[1]?.id });

    const discarded = await post(origin, "/api/discards", { record: one?.record });
    expect(discarded.json()).toEqual({ record: one?.record, state: "discarded" });
    expect(await ended(keys[0] ?? "", "skipped")).toMatchObject({ reason: expect.stringContaining("was discarded") });
    const { total } = (await state()).failures;
    expect((await post(origin, "/api/discards/all", { total: total + 1 })).json().error).toBe(
      `There are ${total} failure records by now, not ${total + 1}; none was discarded`,
    );
    expect((await post(origin, "/api/discards/all", { total })).json()).toEqual({ discarded: total, gone: 0, kept: 0 });
    expect((await page.until((update) => update.failures?.total === 0)).failures?.items).toEqual([]);
    for (const body of [{ record: one?.record }, {}]) {
      expect((await post(origin, "/api/discards", body)).status).toBe("record" in body ? 404 : 400);
    }
  });

  test("is redriven with all others", async () => {
    await set("deny-UpdateItem", true);
    const keys = [await upload(origin, "1", "one.jpg", bytes), await upload(origin, "2", "two.jpg", bytes)];
    for (const key of keys) expect(await ended(key, "failed")).toBeDefined();
    await set("deny-UpdateItem", false);
    expect((await post(origin, "/api/redrives/all", {})).json()).toMatchObject({ succeeded: 2, failed: 0 });
    for (const key of keys) await ended(key, "done");
  });

  test("faults and redrives that are not there are refused by name", async () => {
    expect((await post(origin, "/api/faults", { name: "earthquake", isOn: true })).json().error).toContain(
      'There is no fault "earthquake"; known are throttle-dynamodb',
    );
    expect((await post(origin, "/api/faults", { name: "tinypng-429" })).json().error).toBe(
      "isOn must be true or false (given undefined)",
    );
    expect((await post(origin, "/api/redrives", {})).status).toBe(400);
  });
});

describe("Another size of the thumbnail", () => {
  const setting = { method: "cover", width: 90, height: 60 };

  test("holds for the next photo, and open pages hear of it", async () => {
    const { thumbnail: before } = await firstState();
    expect(before).toEqual({ method: "fit", width: 150, height: 150 });
    expect((await post(origin, "/api/thumbnail", setting)).json()).toEqual(setting);
    await page.until(({ thumbnail }) => thumbnail?.width === 90);
    const photo = await ended(await upload(origin, "1", "another-size.jpg", bytes), "done");
    expect(photo.thumbnail).toMatchObject({ width: 90, height: 60 });
    await post(origin, "/api/thumbnail", before);
    expect((await firstState()).thumbnail).toEqual(before);
  });

  test.each([
    [{ ...setting, method: "scale" }, 'The method must be one of fit, cover, thumb (given "scale")'],
    [{ ...setting, width: 0 }, "The width must be a whole number of pixels from 1 to 4096 (given 0)"],
    [{ ...setting, height: "60" }, 'The height must be a whole number of pixels from 1 to 4096 (given "60")'],
    [null, "The method must be one of fit, cover, thumb (given undefined)"],
  ])("%j is refused in a sentence", async (wanted, error) => {
    const answer = await post(origin, "/api/thumbnail", wanted);
    expect([answer.status, answer.json()]).toEqual([400, { error }]);
  });
});

test("samples are given by name, and nothing else is", async () => {
  const { samples } = await firstState();
  const answers = await Promise.all(samples.map(({ name }) => send(origin, `/samples/${name}`)));
  expect(answers.map(({ status, headers }) => `${status} ${headers["content-type"]}`)).toEqual(
    Array(5).fill("200 image/jpeg"),
  );
  const { error } = (await send(origin, "/samples/..%2Fpackage.json")).json();
  expect(error).toContain("There is no sample ../package.json; there are maverick.jpg");
});

test("chaos runs one at a time, on an embedded AWS of its own, and ends with the console", async () => {
  const other = await startConsole();
  const begin = async () => (await post(other.origin, "/api/chaos", {})).json();
  const watching = await listen(other.origin);
  try {
    expect(await begin()).toMatchObject({ isRunning: true });
    expect(await begin()).toEqual({ error: "Chaos is running already" });
    await watching.until(({ chaos }) => chaos?.progress?.includes("thumbnails stored") ?? false);
    const { photos } = await watching.until((update) => update.photos !== undefined);
    expect(photos?.total).toBe(0);
  } finally {
    watching.close();
    await other.close();
  }
  await expect(send(other.origin, "/")).rejects.toThrow("ECONNREFUSED");
});
