import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import tinify from "tinify";
import { type Resized, UnusablePhoto } from "../../../functions/lib/resize";
import type { Size } from "../../../functions/lib/size";
import { createResize as createResizeToAll, KeyRefused } from "../../../functions/lib/tinypng";
import { createTinypngKey, type TinypngKey } from "../../../functions/lib/tinypng-key";
import { carryTinify } from "../../carry-https";
import { picture as pictureOf } from "../../local/tinify/pictures";

const SIZE = { method: "fit", width: 150, height: 100 } as const;
const PHOTO = Buffer.from("a photo");
const NEVER = new AbortController().signal;

/** A parameter with one value after the other; the last one stays. `reads` counts the calls that Parameter Store gets. */
function keys(...values: string[]): TinypngKey & { reads: number } {
  const ssm = { send: jest.fn(async () => ({ Parameter: { Value: values.length > 1 ? values.shift() : values[0] } })) };
  return Object.defineProperty(createTinypngKey(ssm as never, "/tinypng-key") as never, "reads", {
    get: () => ssm.send.mock.calls.length,
  });
}
/** For one picture in the photo's format. */
function createResize(key: TinypngKey, size: Size, deadlineMs?: number) {
  const resize = createResizeToAll(key, deadlineMs);
  return async (photo: Buffer, signal: AbortSignal) =>
    (await resize(photo, [{ ...size, format: "original" }], signal))[0] as Resized;
}

const always = (value: string) => keys(value);

let stopCarrying: () => void;
let answer: RequestListener;
const requests: { method?: string; url?: string; authorization?: string; body: string }[] = [];

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  const { method, url, headers } = request;
  requests.push({ method, url, authorization: headers.authorization, body });
  answer(request, response);
});

beforeAll(async () => {
  // The client waits half a second before it tries again; the tests need not.
  Object.assign(tinify.Client, { RETRY_DELAY: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stopCarrying = carryTinify((server.address() as AddressInfo).port);
});
afterAll(async () => {
  stopCarrying();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});
beforeEach(() => {
  requests.length = 0;
});

/** Refuses every request as TinyPNG does. */
const refuseWith =
  (status: number, error = "Error"): RequestListener =>
  (_request, response) => {
    response.writeHead(status).end(JSON.stringify({ error, message: `Message of ${status}` }));
  };

let thumbnail: Buffer;
beforeAll(async () => {
  thumbnail = await pictureOf(150, 100).webp().toBuffer();
});

const succeed: RequestListener = ({ url }, response) => {
  if (url === "/shrink") response.writeHead(201, { location: "https://api.tinify.com/output/abc" }).end("{}");
  else response.writeHead(200, { "content-type": "image/webp" }).end(thumbnail);
};

/** A picture's type and success, whatever comes with it. */
const answerWith =
  (content: () => Buffer | Promise<Buffer>): RequestListener =>
  async (request, response) => {
    if (request.url === "/shrink") return succeed(request, response);
    response.writeHead(200, { "content-type": "image/jpeg" }).end(await content());
  };

const sendPage: RequestListener = (_request, response) =>
  void response.writeHead(200, { "content-type": "text/html" }).end("<html>Please sign in to the Wi-Fi</html>");

it("a photo is shrunk and resized, and comes back with the type that TinyPNG found", async () => {
  answer = succeed;
  expect(await createResize(always("a key"), SIZE)(PHOTO, NEVER)).toEqual({
    bytes: thumbnail,
    type: "image/webp",
    width: 150,
    height: 100,
  });
  const authorization = `Basic ${Buffer.from("api:a key").toString("base64")}`;
  expect(requests).toEqual([
    { method: "POST", url: "/shrink", authorization, body: "a photo" },
    { method: "POST", url: "/output/abc", authorization, body: JSON.stringify({ resize: SIZE }) },
  ]);
});

it("a thumbnail gets the type that it has, whatever TinyPNG calls it", async () => {
  answer = (request, response) =>
    request.url === "/shrink"
      ? succeed(request, response)
      : response.writeHead(200, { "content-type": "binary/octet-stream" }).end(thumbnail);
  expect((await createResize(always("a key"), SIZE)(PHOTO, NEVER)).type).toBe("image/webp");
});

it.each<["cover" | "thumb", number, "stored" | "refused"]>([
  ["cover", 200, "refused"],
  ["thumb", 200, "refused"],
  ["cover", 120, "stored"],
])("a thumbnail by %s that does not fill its box, of a photo %d pixels wide, is %s", async (method, width, fate) => {
  answer = async (request, response) => {
    if (request.url !== "/shrink") return void response.end(await pictureOf(120, 100).jpeg().toBuffer());
    const report = JSON.stringify({ output: { width, height: 200 } });
    response.writeHead(201, { location: "https://api.tinify.com/output/abc" }).end(report);
  };
  const resized = createResize(always("key"), { ...SIZE, method })(PHOTO, NEVER);
  if (fate === "stored") expect((await resized).type).toBe("image/jpeg");
  else await expect(resized).rejects.toThrow(`TinyPNG sent 120×100 pixels (no content type, `);
});

it.each([400, 413, 415])("status %d is the photo's own fault", async (status) => {
  answer = refuseWith(status);
  await expect(createResize(always("key"), SIZE)(PHOTO, NEVER)).rejects.toBeInstanceOf(UnusablePhoto);
  await expect(createResize(always("key"), SIZE)(PHOTO, NEVER)).rejects.toThrow(
    `Message of ${status} (HTTP ${status}/Error)`,
  );
});

it.each([401, 403])("status %d is the key's fault", async (status) => {
  answer = refuseWith(status, "Unauthorized");
  await expect(createResize(always("key"), SIZE)(PHOTO, NEVER)).rejects.toBeInstanceOf(KeyRefused);
  await expect(createResize(always("key"), SIZE)(PHOTO, NEVER)).rejects.toThrow(
    `TinyPNG refuses the key in the parameter /tinypng-key: Message of ${status} (HTTP ${status}/Unauthorized)`,
  );
});

it.each([
  ["the quota or the rate is used up", refuseWith(429)],
  ["TinyPNG is in trouble", refuseWith(500)],
  ["a proxy before TinyPNG is", ((_request, response) => response.writeHead(502).end("<html>")) as RequestListener],
  [
    "TinyPNG has lost the output",
    ((request, response) =>
      (request.url === "/shrink" ? succeed : refuseWith(404))(request, response)) as RequestListener,
  ],
  ["a captive portal answers instead of TinyPNG", sendPage],
  [
    "something answers with a page instead of the thumbnail",
    ((request, response) => (request.url === "/shrink" ? succeed : sendPage)(request, response)) as RequestListener,
  ],
  ["the connection breaks", ((request) => request.socket.destroy()) as RequestListener],
  [
    "TinyPNG does not say where the output is",
    ((_request, response) => response.writeHead(201).end()) as RequestListener,
  ],
  ["the thumbnail is empty", answerWith(() => Buffer.alloc(0))],
  ["the thumbnail is a few bytes of text", answerWith(() => Buffer.from("Bad gateway"))],
  ["the thumbnail breaks off in the middle", answerWith(() => thumbnail.subarray(0, thumbnail.length / 2))],
  ["the thumbnail is larger than was asked for", answerWith(() => pictureOf(151, 100).png().toBuffer())],
  ["the thumbnail never ends", answerWith(() => Buffer.alloc(150 * 100 * 4 + 1_000_001))],
])("when %s, the next try may do better", async (_what, listener) => {
  answer = listener;
  const error: unknown = await createResize(always("key"), SIZE)(PHOTO, NEVER).catch((reason) => reason);
  expect(error).toHaveProperty("message", expect.any(String));
  expect(error).not.toBeInstanceOf(UnusablePhoto);
  expect(error).not.toBeInstanceOf(KeyRefused);
});

it("when the connection breaks within the response, the client does not wait for ever", async () => {
  answer = (request, response) => {
    if (request.url === "/shrink") return succeed(request, response);
    response.writeHead(200, { "content-length": thumbnail.length }).write(thumbnail.subarray(0, 20), () => {
      response.destroy();
    });
  };
  await expect(createResize(always("key"), SIZE)(PHOTO, NEVER)).rejects.toThrow("Error while connecting: aborted");
});

it("when its caller gives up, the request is cut off and not made again", async () => {
  const controller = new AbortController();
  const cut = new Promise((resolve) => {
    answer = (request) => {
      request.socket.once("close", resolve);
      controller.abort(new Error("no time"));
    };
  });
  await expect(createResize(always("key"), SIZE)(PHOTO, controller.signal)).rejects.toThrow();
  await cut;
  expect(requests).toHaveLength(1);
});

it("when TinyPNG never responds, the wait ends at the deadline", async () => {
  answer = () => {};
  await expect(createResize(always("key"), SIZE, 30)(PHOTO, NEVER)).rejects.toThrow("TinyPNG: not done within 30 ms");
});

it("a photo gets 45 seconds, and no more", async () => {
  const begun = new Promise<void>((resolve) => {
    answer = () => resolve();
  });
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "performance", "Date"] });
  try {
    const outcome = jest.fn();
    const resized = createResize(always("key"), SIZE)(PHOTO, NEVER).catch(({ message }) => outcome(message));
    await begun;
    jest.advanceTimersByTime(44_999);
    await new Promise(setImmediate);
    expect(outcome).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    await resized;
    expect(outcome).toHaveBeenCalledWith("TinyPNG: not done within 45000 ms");
  } finally {
    jest.useRealTimers();
  }
});

describe("when the key has changed", () => {
  const authorizationOf = (apiKey: string) => `Basic ${Buffer.from(`api:${apiKey}`).toString("base64")}`;
  const acceptOnly =
    (apiKey: string): RequestListener =>
    (request, response) =>
      (request.headers.authorization === authorizationOf(apiKey) ? succeed : refuseWith(401))(request, response);

  it("photos that were refused succeed with the new key at once, and all share one more call to Parameter Store", async () => {
    answer = acceptOnly("new");
    const key = keys("old", "new");
    const resize = createResize(key, SIZE);
    const results = await Promise.all(Array.from({ length: 5 }, () => resize(PHOTO, NEVER)));
    expect(results.map(({ bytes }) => bytes)).toEqual(Array(5).fill(thumbnail));
    expect(key.reads).toBe(2);
  });

  it("a photo whose new key is refused as well is given up after these two tries", async () => {
    answer = refuseWith(401);
    const key = keys("old", "new but wrong", "never asked for");
    await expect(createResize(key, SIZE)(PHOTO, NEVER)).rejects.toBeInstanceOf(KeyRefused);
    expect(requests.map(({ authorization }) => authorization)).toEqual(["old", "new but wrong"].map(authorizationOf));
    expect(key.reads).toBe(2);
  });

  it("a photo is not tried again while the key is still the same", async () => {
    answer = refuseWith(401);
    await expect(createResize(keys("old", "old"), SIZE)(PHOTO, NEVER)).rejects.toBeInstanceOf(KeyRefused);
    expect(requests).toHaveLength(1);
  });

  it("a photo on its way keeps its key for both requests, as outputs are their account's own", async () => {
    const [atTinypng, arrive] = signal();
    const [keyChanged, changeKey] = signal();
    answer = async (request, response) => {
      const isOld = request.headers.authorization === authorizationOf("old");
      const { url } = request;
      if (url === "/shrink" && isOld && requests.length > 1) return refuseWith(401)(request, response);
      if (url === "/shrink" && isOld) {
        arrive();
        await keyChanged;
        return void response.writeHead(201, { location: "https://api.tinify.com/output/old" }).end("{}");
      }
      return (url === "/output/old" && !isOld ? refuseWith(404) : succeed)(request, response);
    };
    const resize = createResize(keys("old", "new"), SIZE);
    const first = resize(PHOTO, NEVER);
    await atTinypng;
    await resize(PHOTO, NEVER);
    changeKey();
    expect((await first).bytes).toEqual(thumbnail);
    expect(requests.map(({ url }) => url)).toEqual(["/shrink", "/shrink", "/shrink", "/output/abc", "/output/old"]);
  });
});

function signal(): [Promise<void>, () => void] {
  let give = () => {};
  return [new Promise<void>((resolve) => (give = resolve)), () => give()];
}
