import { type IncomingHttpHeaders, request } from "node:http";
import sharp, { type Sharp } from "sharp";
import tinify from "tinify";
import { DEFAULT_ACCOUNT_ID } from "../../../local/account";
import { createActivityStream } from "../../../local/activity";
import { createEdge } from "../../../local/edge";
import { createIam } from "../../../local/iam";
import { createTinify } from "../../../local/tinify";
import { carryTinify } from "../../carry-https";
import { colourAt, picture, sizeOf } from "./pictures";

const KEY = "the key";
const account = { accountId: DEFAULT_ACCOUNT_ID, region: "eu-west-1", endpoint: "" };
const activity = createActivityStream();
const service = createTinify({ apiKey: KEY });
const edge = createEdge({ account, activity, iam: createIam({ account, activity }), services: { tinify: service } });
let port: number;
let stopCarrying: () => void;

beforeAll(async () => {
  port = await edge.listen(0);
  stopCarrying = carryTinify(port);
});
afterAll(async () => {
  stopCarrying();
  await edge.close();
  await service.close();
});
beforeEach(() => {
  tinify.key = KEY;
});

/** A request as no client of TinyPNG would send it. */
function send(method: string, path: string, body: string | Buffer = "", auth = `api:${KEY}`) {
  return new Promise<{ status?: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const headers = { host: "api.tinify.com" };
    const outgoing = request({ port, method, path, headers, auth }, async (response) => {
      const content = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode, headers: response.headers, body: content });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** AVIF's container says itself whose pictures it holds. */
const asHeic = (avif: Buffer) => Buffer.from(avif.toString("latin1").replaceAll("avif", "heic"), "latin1");

const pathOf = (location = "") => new URL(location).pathname;

describe("shrinking", () => {
  it.each([
    ["JPEG", "image/jpeg", (image: Sharp) => image.jpeg({ quality: 100 })],
    ["PNG", "image/png", (image: Sharp) => image.png({ compressionLevel: 0 })],
    ["WebP", "image/webp", (image: Sharp) => image.webp({ lossless: true })],
    ["AVIF", "image/avif", (image: Sharp) => image.avif({ effort: 0 })],
  ])("keeps the format and the size of a %s", async (_name, type, encode) => {
    const original = await encode(picture(60, 40)).toBuffer();
    const result = tinify.fromBuffer(original).result();
    expect(await result.mediaType()).toBe(type);
    expect([await result.width(), await result.height()]).toEqual([60, 40]);
    const bytes = await result.toBuffer();
    expect(bytes.length).toBe(await result.size());
    expect(bytes.length).toBeLessThanOrEqual(original.length);
    expect(await colourAt(bytes, 0.5, 0.2)).toBe("red");
    expect(await colourAt(bytes, 0.5, 0.8)).toBe("blue");
  });

  it("returns 201 with a location on api.tinify.com and a report of what it was given", async () => {
    const photo = await picture(60, 40).png().toBuffer();
    const { status, headers, body } = await send("POST", "/shrink", photo);
    expect(status).toBe(201);
    expect(headers.location).toMatch(/^https:\/\/api\.tinify\.com\/output\/[a-z0-9]+$/);
    expect(JSON.parse(body)).toEqual({
      input: { size: photo.length, type: "image/png" },
      output: { type: "image/png", width: 60, height: 40, url: headers.location },
    });
  });

  it("drops metadata, after turning the picture the way that EXIF says", async () => {
    const lying = await sharp(await picture(60, 40).png().toBuffer())
      .rotate(-90)
      .withExif({ IFD0: { Artist: "me" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await sizeOf(lying)).toBe("40×60");
    const bytes = await tinify.fromBuffer(lying).toBuffer();
    const { exif, orientation } = await sharp(bytes).metadata();
    expect({ exif, orientation }).toEqual({ exif: undefined, orientation: undefined });
    expect(await sizeOf(bytes)).toBe("60×40");
    expect(await colourAt(bytes, 0.5, 0.2)).toBe("red");
  });
});

describe("resizing", () => {
  it.each<["scale" | "fit" | "cover" | "thumb", number | undefined, number | undefined, string]>([
    ["fit", 150, 150, "100×150"],
    ["fit", 50, 150, "50×75"],
    ["fit", 1000, 1000, "200×300"],
    ["fit", 1000, 30, "20×30"],
    ["scale", 100, undefined, "100×150"],
    ["scale", undefined, 30, "20×30"],
    ["scale", 1000, undefined, "200×300"],
    ["cover", 150, 150, "150×150"],
    ["cover", 100, 20, "100×20"],
    ["cover", 400, 100, "200×100"],
    ["cover", 1000, 1000, "200×300"],
    ["thumb", 80, 80, "80×80"],
  ])("with %s to %s by %s makes of 200×300 a picture of %4$s", async (method, width, height, size) => {
    const photo = await picture(200, 300).jpeg().toBuffer();
    const bytes = await tinify.fromBuffer(photo).resize({ method, width, height }).toBuffer();
    expect(await sizeOf(bytes)).toBe(size);
  });

  it("measures a picture as it is seen, not as it is stored", async () => {
    const lying = await sharp(await picture(200, 300).png().toBuffer())
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const bytes = await tinify.fromBuffer(lying).resize({ method: "fit", width: 150, height: 150 }).toBuffer();
    expect(await sizeOf(bytes)).toBe("100×150");
    expect(await colourAt(bytes, 0.5, 0.2)).toBe("red");
    expect(await colourAt(bytes, 0.5, 0.8)).toBe("blue");
  });

  it.each(["jpeg", "png", "webp"] as const)("keeps the format of a %s", async (format) => {
    const photo = await picture(60, 40).toFormat(format).toBuffer();
    const result = tinify.fromBuffer(photo).resize({ method: "fit", width: 30, height: 30 }).result();
    expect(await result.mediaType()).toBe(`image/${format}`);
    expect((await sharp(await result.toBuffer()).metadata()).format).toBe(format);
  });

  it("can be asked of five large uploads at a time, as many as CreateThumbnail works on", async () => {
    // What follows a JPEG's end is not part of the picture.
    const photo = Buffer.concat([await picture(200, 300).jpeg().toBuffer(), Buffer.alloc(20_000_000)]);
    const sources = await Promise.all(
      Array.from({ length: 5 }, async () => pathOf((await send("POST", "/shrink", photo)).headers.location)),
    );
    const options = JSON.stringify({ resize: { method: "fit", width: 30, height: 30 } });
    const answers = await Promise.all(sources.map((path) => send("POST", path, options)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  it("can be asked of one upload several times", async () => {
    const source = tinify.fromBuffer(await picture(200, 300).jpeg().toBuffer());
    const heights = [30, 60].map((height) => source.resize({ method: "scale", height }).toBuffer().then(sizeOf));
    expect(await Promise.all(heights)).toEqual(["20×30", "40×60"]);
  });
});

describe("converting", () => {
  it.each(["jpeg", "png", "webp", "avif"] as const)("makes a %s of a PNG", async (format) => {
    const source = tinify.fromBuffer(await picture(60, 40).png().toBuffer());
    const result = source
      .resize({ method: "fit", width: 30, height: 30 })
      .convert({ type: `image/${format}` })
      .result();
    expect(await result.mediaType()).toBe(`image/${format}`);
    const { format: made, width, height } = await sharp(await result.toBuffer()).metadata();
    expect({ made, width, height }).toEqual({ made: format === "avif" ? "heif" : format, width: 30, height: 20 });
  });

  it("shows the background where one can see through, and resizes nothing unless it is asked to", async () => {
    const clear = sharp({ create: { width: 40, height: 30, channels: 4, background: "#00000000" } });
    const source = tinify.fromBuffer(await clear.png().toBuffer());
    const white = await source.transform({ background: "white" }).convert({ type: "image/jpeg" }).toBuffer();
    const { data, info } = await sharp(white).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, ...data.subarray(0, 3)]).toEqual([40, 30, 255, 255, 255]);
  });
});

it("each shrink, each resize and each conversion is counted; plain downloads, and what is refused, are not", async () => {
  const photo = await picture(20, 20).jpeg().toBuffer();
  const { headers } = await send("POST", "/shrink", photo);
  const before = Number(headers["compression-count"]);
  const path = pathOf(headers.location);
  const resize = JSON.stringify({ resize: { method: "fit", width: 10, height: 10 } });
  const both = resize.replace(/}$/, ',"convert":{"type":"image/webp"}}');
  const counts: unknown[] = [];
  for (const [method, to, body] of [
    ["GET", path, ""],
    ["POST", path, "{}"],
    ["POST", path, ""],
    ["POST", path, resize],
    ["POST", path, both],
    ["POST", "/shrink", photo.subarray(0, 100)],
    ["POST", path, "{"],
    ["POST", "/shrink", photo],
  ] as const) {
    counts.push((await send(method, to, body)).headers["compression-count"]);
  }
  const expected = [0, 0, 0, 1, 3, undefined, undefined, 4];
  expect(counts).toEqual(expected.map((more) => (more === undefined ? undefined : String(before + more))));
});

it("each call shows among the activities under its own name", async () => {
  const seen: string[] = [];
  const stop = activity.subscribe(({ service: name, action, error }) =>
    seen.push(`${name} ${action} ${error ?? "ok"}`),
  );
  const source = tinify.fromBuffer(await picture(20, 20).jpeg().toBuffer());
  await source.toBuffer();
  await source.resize({ method: "fit", width: 10, height: 10 }).toBuffer();
  await send("POST", "/shrink");
  stop();
  expect(seen).toEqual(["tinify Shrink ok", "tinify GetResult ok", "tinify Result ok", "tinify Shrink InputMissing"]);
});

describe("what TinyPNG refuses", () => {
  it("is a wrong key, with 401", async () => {
    tinify.key = "another key";
    await expect(tinify.fromBuffer(Buffer.from("x")).toBuffer()).rejects.toMatchObject({
      status: 401,
      message: "Credentials are invalid. (HTTP 401/Unauthorized)",
    });
  });

  it.each([
    ["another user", `somebody:${KEY}`],
    ["the key as the user", KEY],
    ["no key", "api:"],
    ["a longer key", `api:${KEY}x`],
    ["nobody", undefined],
  ])("is %s, with 401, for outputs too", async (_what, auth) => {
    const { headers } = await send("POST", "/shrink", await picture(20, 20).jpeg().toBuffer());
    for (const [method, path] of [
      ["POST", "/shrink"],
      ["GET", pathOf(headers.location)],
      ["GET", "/"],
    ] as const) {
      expect((await send(method, path, "", auth ?? "")).status).toBe(401);
    }
  });

  it("is somebody without the key before any of the body has been sent", async () => {
    const headers = { host: "api.tinify.com", "content-length": 100_000_000 };
    const status = await new Promise((resolve, reject) => {
      const outgoing = request({ port, method: "POST", path: "/shrink", headers, auth: "api:wrong" }, (response) => {
        resolve(response.statusCode);
        outgoing.destroy();
      });
      outgoing.on("error", reject);
      outgoing.flushHeaders();
    });
    expect(status).toBe(401);
  });

  it("is deleting an output, with 404", async () => {
    const { headers } = await send("POST", "/shrink", await picture(20, 20).jpeg().toBuffer());
    expect((await send("DELETE", pathOf(headers.location))).status).toBe(404);
    expect((await send("GET", pathOf(headers.location))).status).toBe(200);
  });

  it("is nothing, with 400", async () => {
    await expect(tinify.fromBuffer(Buffer.alloc(0)).toBuffer()).rejects.toThrow(
      "File is empty (HTTP 400/InputMissing)",
    );
  });

  it.each<[string, () => Promise<Buffer>]>([
    ["text", async () => Buffer.from("this is not an image")],
    ["a GIF", () => picture(8, 8).gif().toBuffer()],
    ["a TIFF", () => picture(8, 8).tiff().toBuffer()],
    ["a HEIC", async () => asHeic(await picture(8, 8).avif().toBuffer())],
    ["an SVG", async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>')],
  ])("is %s, with 415", async (_what, make) => {
    await expect(tinify.fromBuffer(await make()).toBuffer()).rejects.toMatchObject({
      status: 415,
      message: "File type is not supported. (HTTP 415/Unsupported media type)",
    });
  });

  it.each([
    ["half a JPEG", (image: Sharp) => image.jpeg(), (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["half a PNG", (image: Sharp) => image.png(), (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    [
      "a PNG with other bytes in its middle",
      (image: Sharp) => image.png(),
      (bytes: Buffer) => Buffer.from(bytes).fill(0x55, bytes.length / 2, bytes.length / 2 + 40),
    ],
  ])("is %s, with 400", async (_what, encode, damage) => {
    const source = tinify.fromBuffer(damage(await encode(picture(300, 300)).toBuffer()));
    const resized = source.resize({ method: "fit", width: 150, height: 150 });
    for (const output of [source, resized]) await expect(output.toBuffer()).rejects.toMatchObject({ status: 400 });
  });

  it("is an output that it does not know or keep, with 404", async () => {
    const { status, body } = await send("GET", "/output/0123456789abcdef");
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({ error: "Not found", message: "Resource not found or expired." });
  });

  it.each([
    [{ resize: { method: "squeeze", width: 1, height: 1 } }, "resize.method must be one of scale, fit, cover, thumb"],
    [{ resize: { method: "fit", width: 10 } }, "fit takes both width and height"],
    [{ resize: { method: "scale", width: 10, height: 10 } }, "scale takes exactly one of width and height"],
    [{ resize: { method: "fit", width: 0, height: 10 } }, "resize.width must be a positive whole number (given 0)"],
    [
      { resize: { method: "fit", width: 10, height: 1.5 } },
      "resize.height must be a positive whole number (given 1.5)",
    ],
    [{ resize: { method: "fit", width: 1, height: 1, depth: 1 } }, 'resize has no option "depth"'],
    [{ resize: null }, "resize.method must be one of"],
    [
      { convert: { type: "image/gif" } },
      'convert.type must be image/jpeg, image/png, image/webp or image/avif (given "image/gif")',
    ],
    [{ convert: { type: "image/png", quality: 1 } }, 'convert has no option "quality"'],
    [
      { transform: { background: "red" } },
      'transform.background must be white, black or a colour such as #ff8800 (given "red")',
    ],
    [{ preserve: ["location"] }, 'does not know the option "preserve"'],
    [{ store: { service: "s3" } }, 'does not know the option "store"'],
    [[], "not a JSON object"],
  ])("are the options %j, with 400", async (options, message) => {
    const { headers } = await send("POST", "/shrink", await picture(20, 20).jpeg().toBuffer());
    const { status, body } = await send("POST", pathOf(headers.location), JSON.stringify(options));
    expect(status).toBe(400);
    expect(JSON.parse(body).message).toContain(message);
  });

  it("is a URL to fetch: this TinyPNG reaches for nothing", async () => {
    await expect(tinify.fromUrl("https://example.com/photo.jpg").toBuffer()).rejects.toMatchObject({ status: 400 });
  });

  it.each([
    ["GET", "/shrink"],
    ["DELETE", "/output/abc"],
    ["GET", "/"],
    ["POST", "/output/"],
  ])("is %s %s, with 404", async (method, path) => {
    expect((await send(method, path)).status).toBe(404);
  });
});
