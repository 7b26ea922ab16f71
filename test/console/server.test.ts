// The console's server alone: whom it answers, what the page weighs, and what it says of profiles and uploads.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { samplePhoto } from "../../pipeline/sample-photos";
import { startConsole, type TestConsole } from "./console-harness";
import { listen, post, send, sendBytes, upload } from "./requests";

let console: TestConsole;
let origin: string;
let port: string;
beforeAll(async () => {
  console = await startConsole(130);
  ({ origin } = console);
  ({ port } = new URL(origin));
});
afterAll(() => console.close());
afterEach(() => expect(console.bugs).toEqual([]));

const photo = readFileSync(samplePhoto("viper.jpg"));

describe("A request that is not the page's own is refused:", () => {
  const FAULT = { name: "tinypng-429", isOn: true };
  const JSON_TYPE = { "content-type": "application/json" };
  test.each<[string, string, () => Parameters<typeof send>[2], number]>([
    ["the page under another name", "/", () => ({ headers: { host: "evil.example" } }), 403],
    ["the page under another port's name", "/", () => ({ headers: { host: "127.0.0.1:1" } }), 403],
    ["reading from another site", "/api/profiles", () => ({ headers: { origin: "http://evil.example" } }), 403],
    ["events for another site", "/events", () => ({ headers: { origin: "http://evil.example" } }), 403],
    ["events under another name", "/events", () => ({ headers: { host: `evil.example:${port}` } }), 403],
    [
      "a picture in another site",
      "/pictures/original?profile=1",
      () => ({ headers: { "sec-fetch-site": "cross-site" } }),
      403,
    ],
    ["a change from a sandboxed frame", "/api/faults", () => change({ ...JSON_TYPE, origin: "null" }), 403],
    ["a change from another site", "/api/faults", () => change({ ...JSON_TYPE, origin: "http://evil.example" }), 403],
    ["a change from another port", "/api/faults", () => change({ ...JSON_TYPE, origin: "http://127.0.0.1:1" }), 403],
    ["a change without an origin", "/api/faults", () => change(JSON_TYPE), 403],
    ["a change as a form sends it", "/api/faults", () => change({ origin, "content-type": "text/plain" }), 415],
    [
      "a signed form for another site",
      "/api/uploads",
      () => change({ ...JSON_TYPE, origin: "https://127.0.0.1" }),
      403,
    ],
  ])("%s", async (_what, path, sent, status) => {
    const answer = await send(origin, path, sent());
    expect({ status: answer.status, error: answer.json() }).toEqual({ status, error: { error: expect.any(String) } });
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    expect((await listenOnce()).faults?.every(({ isOn }) => !isOn)).toBe(true);
  });

  const change = (headers: Record<string, string>) => ({ method: "POST", headers, body: FAULT });

  async function listenOnce() {
    const page = await listen(origin);
    const first = await page.until(() => true);
    page.close();
    return first;
  }

  test("but a link elsewhere may open the page", async () => {
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect(await send(origin, "/", { headers })).toMatchObject({ status: 200 });
  });

  test("other machines do not even get a connection", async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const outer = addresses.filter(({ internal }) => !internal).map(({ address }) => address);
    // Whoever listened on more than 127.0.0.1 would answer on these too, which every machine has or refuses.
    for (const address of ["127.0.0.2", "::1", ...outer]) {
      expect([address, await connectTo(address)]).toEqual([address, "refused"]);
    }
    expect(await connectTo("127.0.0.1")).toBe("connected");
  });

  const connectTo = (address: string) =>
    new Promise((resolve) => {
      const socket = connect({ port: Number(port), host: address, timeout: 2_000 });
      const end = (outcome: string) => () => {
        socket.destroy();
        resolve(outcome);
      };
      socket.once("connect", end("connected")).once("error", end("refused")).once("timeout", end("refused"));
    });
});

describe("A malformed request is refused in a sentence and is not a bug:", () => {
  test.each([
    ["GET //", 404],
    ["GET ///", 404],
    ["GET //x", 404],
    ["GET //127.0.0.1:99999/", 404],
    ["GET /\\", 404],
    ["GET /./", 404],
    ["GET /api/../", 404],
    ["GET /a//b", 404],
    ["GET /%", 404],
    ["GET *", 404],
    ["GET http://[", 404],
    ["GET http://elsewhere.example/", 404],
    ["GET /api/photos/%", 400],
    ["GET /api/photos/%ff", 400],
    ["GET /api/profiles?limit=%ff", 400],
    ["GET /pictures/original", 404],
    ["HEAD /", 405],
    ["PUT /", 403],
    ["CONFUSE /", 400],
  ])("%s", async (line, status) => {
    const answer = await sendBytes(origin, [`${line} HTTP/1.1`]);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    if (line.startsWith("GET"))
      expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toEqual({ error: expect.any(String) });
  });

  test("another method than an address has", async () => {
    const { status, headers, json } = await send(origin, "/api/faults", { method: "PUT", body: {} });
    expect([status, headers.allow, json()]).toEqual([
      405,
      "POST",
      { error: "/api/faults takes POST only (given PUT)" },
    ]);
  });

  const POST = ["POST /api/redrives HTTP/1.1", "content-type: application/json"];
  test.each([
    ["no JSON", ["content-length: 1"], "{", 400],
    ["no body", [], "", 400],
    ["broken chunks", ["transfer-encoding: chunked"], "zz\r\n", 400],
    ["too long a body", ["content-length: 70000"], "x".repeat(70_000), 413],
    ["what it cannot expect", ["expect: the worst", "content-length: 2"], "{}", 417],
  ])("%s", async (_what, headers, body, status) => {
    const answer = await sendBytes(origin, [...POST, `origin: ${origin}`, ...headers], body);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test("a body that breaks off, since its sender left", async () => {
    await sendBytes(origin, [...POST, `origin: ${origin}`, "content-length: 200"], "{", true);
  });

  test.each([null, 1, "text", [], {}, { record: 1 }, { record: null }])("a redrive of %j", async (body) => {
    const answer = await post(origin, "/api/redrives", body);
    expect([answer.status, answer.json().error]).toEqual([400, "A replay must give the key of its record as a string"]);
  });

  test.each(["", "/", ".", "a/../../b", "\ud800", "a\0", "?list-type=2", "x".repeat(2_000)])(
    "a redrive of the record %j, which is not there",
    async (record) => {
      const answer = await post(origin, "/api/redrives", { record });
      expect([answer.status, answer.json().error]).toEqual([
        404,
        expect.stringContaining("There is no failure record"),
      ]);
    },
  );
});

describe("The page", () => {
  test("comes with its first state, and weighs less than 150 KB", async () => {
    const files = await Promise.all(["/", "/page.js", "/icon.svg"].map((path) => send(origin, path)));
    expect(files.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)).toBeLessThan(150_000);
    const [, state = ""] =
      /<script id="state" type="application\/json">(.*)<\/script>/.exec(files[0]?.text ?? "") ?? [];
    expect(JSON.parse(state)).toMatchObject({
      endpoint: console.pipeline.aws.account.endpoint,
      profiles: {
        total: 130,
        offset: 0,
        items: expect.arrayContaining([{ id: "1", name: "Pete Mitchell", nick: "Maverick" }]),
      },
      failures: { total: 0 },
    });
  });

  test("shows its first screen before any script has run", async () => {
    const { text } = await send(origin, "/");
    const screen = text.slice(text.indexOf('<div id="app">'), text.indexOf('<script id="state"'));
    for (const shown of ["Maverick", "SetProfileImage", "no failures", "Throttle DynamoDB"])
      expect(screen).toContain(shown);
  });

  test("may load nothing but its own files, run nothing inline, and stand in no frame", async () => {
    const { headers, text } = await send(origin, "/");
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(text) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; script-src 'self'; style-src 'sha256-${hash}'; style-src-attr 'unsafe-inline'; img-src 'self'; connect-src 'self' ${console.pipeline.aws.account.endpoint}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
    });
  });

  test("holds names of profiles as data, whatever they say", async () => {
    const name = "</script><script>alert(1)</script>";
    const Item = { id: { N: "0" }, name: { S: name }, nick: { S: "<b>" } };
    await console.pipeline.dynamodb.send(new PutItemCommand({ TableName: console.pipeline.names.table, Item }));
    const { text } = await send(origin, "/");
    expect(text).not.toContain("<script>alert");
    const [, state = ""] = /<script id="state" type="application\/json">(.*)<\/script>/.exec(text) ?? [];
    expect(JSON.parse(state).profiles.items[0]).toMatchObject({ id: "0", name });
  });

  test("says what it does not know", async () => {
    expect((await send(origin, "/nothing")).json()).toEqual({ error: "The console has no GET /nothing" });
    expect((await send(origin, "/api/photos/none")).json()).toEqual({
      error: "The console does not know photo none (any more)",
    });
    expect((await send(origin, "/api/profiles?limit=1000")).json()).toEqual({
      error: "limit must be a whole number up to 100 (given 1000)",
    });
  });
});

describe("Profiles", () => {
  test("come by the page, in the order of their numbers, and are found by number, name and nick", async () => {
    const page = async (query: string) => (await send(origin, `/api/profiles?${query}`)).json();
    expect(await page("offset=120&limit=12&find=Rookie")).toMatchObject({
      total: 125,
      items: [{ id: "126" }, {}, {}, {}, { id: "130" }],
    });
    expect(await page("find=129")).toMatchObject({ total: 1, items: [{ id: "129" }] });
    expect(await page("find=goose")).toMatchObject({ total: 1, items: [{ id: "3", name: "Nick Bradshaw" }] });
    expect(await page("find=nobody")).toMatchObject({ total: 0, items: [] });
  });

  test("are pushed when they change, whoever changed them", async () => {
    const page = await listen(origin);
    const Item = { id: { N: "7" }, name: { S: "Rick Neven" }, nick: { S: "Hollywood" } };
    await console.pipeline.dynamodb.send(new PutItemCommand({ TableName: console.pipeline.names.table, Item }));
    const { profiles } = await page.until((update) => Array.isArray(update.profiles));
    expect(profiles).toEqual([{ id: "7", name: "Rick Neven", nick: "Hollywood" }]);
    page.close();
  });
});

describe("An upload", () => {
  test("is signed for one photo of one profile", async () => {
    const key = await upload(origin, "3", "goose.JPG", photo);
    expect(key).toBe("original/3/goose.jpg");
    const object = await console.pipeline.s3.send(
      new HeadObjectCommand({ Bucket: console.pipeline.names.bucket, Key: key }),
    );
    expect(object).toMatchObject({ ContentType: "image/jpeg", Metadata: { "user-profile-id": "3" } });
  });

  test("may have any name", async () => {
    expect(await upload(origin, "4", "../<img onerror=alert(1)>&'\".jpg", photo)).toBe(
      "original/4/.._<img onerror=alert(1)>&'\".jpg",
    );
  });

  test.each<[string, object, string]>([
    ["a profile that is not there", { profileId: "5000" }, "There is no profile 5000"],
    [
      "a name that starts nothing",
      { name: "notes.txt" },
      "notes.txt starts nothing: this stack takes names that end in .jpg, .jpeg, .jfif, .png, .webp, .avif",
    ],
    ["what is not an image", { type: "text/html" }, "me.jpg is not an image (its type is text/html)"],
    ["an empty file", { size: 0 }, "me.jpg is empty"],
    ["less than nothing", { size: -1 }, "size as a whole number"],
    ["too large a file", { size: 64_000_001 }, "me.jpg has 64000001 bytes; the most is 64000000"],
    ["too long a name", { name: `${"m".repeat(1024)}.jpg` }, "too long a name"],
    [
      "a form without a size",
      { size: undefined },
      "An upload must give profileId, name and type as strings, and size as a whole number",
    ],
  ])("is refused in a sentence for %s", async (_what, change, message) => {
    const body = { profileId: "1", name: "me.jpg", type: "image/jpeg", size: 10, ...change };
    expect((await post(origin, "/api/uploads", body)).json().error).toContain(message);
  });
});

describe("Pictures", () => {
  test("are given as images and nothing else, originals in the size of a card", async () => {
    const { s3, names } = console.pipeline;
    const page = await listen(origin);
    await upload(origin, "5", "viper.jpg", photo);
    await page.until(
      ({ photos }) => photos?.items[0]?.key === "original/5/viper.jpg" && photos.items[0].state === "done",
    );
    await console.pipeline.aws.idle();
    const original = await send(origin, "/pictures/original?profile=5");
    expect(original).toMatchObject({ status: 200, headers: { "content-type": "image/webp" } });
    expect(Number(original.headers["content-length"])).toBeLessThan(50_000);
    expect((await send(origin, "/pictures/thumbnail?profile=5")).headers["content-type"]).toBe("image/jpeg");
    await s3.send(
      new PutObjectCommand({
        Bucket: names.bucket,
        Key: "thumbnails/5/viper.jpg",
        Body: "<script>",
        ContentType: "text/html",
      }),
    );
    expect((await send(origin, "/pictures/thumbnail?profile=5")).status).toBe(415);
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: "original/5/viper.jpg", Body: "<script>" }));
    expect((await send(origin, "/pictures/original?profile=5")).json().error).toMatch(
      /^original\/5\/viper\.jpg is not a picture/,
    );
    expect((await send(origin, "/pictures/original?profile=9")).status).toBe(404);
    page.close();
  });
});
