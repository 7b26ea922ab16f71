// `npm run presign`: what it prints uploads the photo as it was signed, and is refused with anything changed.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { presignCommand } from "../../../cli/presign";
import { MAX_PHOTO_BYTES } from "../../../functions/lib/photo-bytes";
import type { Presigned } from "../../../operations/profile-images";
import { pipeline } from "../../common-pipeline";
import { pageAt } from "../../docs/markdown";
import { reset, thumbnailKeys } from "../operations";
import { createFiles, jpeg } from "../photo-files";
import { run, runJson } from "../run";

type Of<M extends Presigned["method"]> = Extract<Presigned, { method: M }> & { readonly error?: string };

const KEY = /^original\/2\/[0-9a-f-]{36}\.jpg$/;

let photo: Buffer;
let file: string;
const files = createFiles();
beforeAll(async () => {
  photo = await jpeg();
  file = files.write(`it's "me"; 100 % \u001b[2J\u202e1.jpg`, photo);
});
afterAll(() => {
  files.remove();
  return reset(pipeline);
});

const presign = <M extends Presigned["method"]>(method: M, ...args: string[]) =>
  runJson<Of<M>>(presignCommand(), pipeline, "--user", "2", "--method", method.toLowerCase(), ...args, file);

const put = (url: string, headers: Record<string, string>, body: Buffer) =>
  fetch(url, { method: "PUT", headers, body: new Uint8Array(body) });

function post(url: string, fields: Readonly<Record<string, string>>, body: Buffer) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(body)]), "whatever.jpg");
  return fetch(url, { method: "POST", body: form });
}

/** Sends the photo as docs/your-app.md shows it to those who write a page. */
async function sendAsShown(signed: Presigned): Promise<Response | undefined> {
  const block = pageAt("docs/your-app.md").blocks.find(({ lang }) => lang === "js");
  const [put, post] = block?.text.split("// POST\n") ?? [];
  let answer: Response | undefined;
  const fetchAndKeep = async (...request: Parameters<typeof fetch>) => {
    answer = await fetch(...request);
    return answer;
  };
  const AsyncFunction = sendAsShown.constructor as FunctionConstructor;
  const send = new AsyncFunction("signed", "file", "fetch", (signed.method === "PUT" ? put : post) ?? "");
  await send(signed, new Blob([new Uint8Array(photo)]), fetchAndKeep);
  return answer;
}

/** The error code in an answer of S3's. */
const codeOf = async (answer: Response) => /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1];

const stored = (Key: string) => pipeline.s3.send(new HeadObjectCommand({ Bucket: pipeline.names.bucket, Key }));

async function expectThumbnailOf(key: string): Promise<void> {
  expect(await stored(key)).toMatchObject({
    ContentType: "image/jpeg",
    ContentLength: photo.length,
    Metadata: { "user-profile-id": "2" },
  });
  await pipeline.aws.idle();
  expect(await thumbnailKeys(pipeline)).toEqual([key.replace("original/", "thumbnails/")]);
}

describe("a presigned PUT", () => {
  it("brings the photo to its profile", async () => {
    const signed = await presign("PUT");
    const { url, headers, key, expires } = signed;
    expect(key).toMatch(KEY);
    expect(Date.parse(expires) - Date.now()).toBeGreaterThan(890_000);
    expect((await sendAsShown(signed))?.status).toBe(200);
    await expectThumbnailOf(key);
    // One signed upload is one photo: whoever sends it again buys no second thumbnail.
    const again = await put(url, headers, photo);
    expect({ status: again.status, code: await codeOf(again) }).toEqual({ status: 412, code: "PreconditionFailed" });
  });

  let signed: Of<"PUT">;
  beforeAll(async () => {
    signed = await presign("PUT");
  });
  it.each<[string, (signed: Of<"PUT">) => Promise<Response>]>([
    ["another profile", ({ url, headers }) => put(url, { ...headers, "x-amz-meta-user-profile-id": "3" }, photo)],
    ["no profile", ({ url, headers: { "x-amz-meta-user-profile-id": _id, ...headers } }) => put(url, headers, photo)],
    ["leave to replace", ({ url, headers: { "if-none-match": _any, ...headers } }) => put(url, headers, photo)],
    ["another condition", ({ url, headers }) => put(url, { ...headers, "if-none-match": '"0"' }, photo)],
    ["another type", ({ url, headers }) => put(url, { ...headers, "content-type": "text/html" }, photo)],
    ["another size", ({ url, headers }) => put(url, headers, Buffer.concat([photo, photo]))],
    ["another key", ({ url, headers }) => put(url.replace("original/2/", "original/3/"), headers, photo)],
    ["a longer life", ({ url, headers }) => put(url.replace("Expires=900", "Expires=9000"), headers, photo)],
  ])("is refused with %s", async (_what, send) => {
    const answer = await send(signed);
    expect({ status: answer.status, code: await codeOf(answer) }).toEqual({
      status: 403,
      code: "SignatureDoesNotMatch",
    });
    await expect(stored(signed.key)).rejects.toMatchObject({ name: "NotFound" });
  });
});

describe("a presigned POST", () => {
  it("brings the photo to its profile", async () => {
    const signed = await presign("POST");
    expect(signed.key).toMatch(KEY);
    expect((await sendAsShown(signed))?.status).toBe(204);
    await expectThumbnailOf(signed.key);
  });

  let signed: Of<"POST">;
  beforeAll(async () => {
    signed = await presign("POST");
  });
  it.each<[string, (signed: Of<"POST">) => Promise<Response>, string]>([
    [
      "another profile",
      ({ url, fields }) => post(url, { ...fields, "x-amz-meta-user-profile-id": "3" }, photo),
      "AccessDenied",
    ],
    [
      "no profile",
      ({ url, fields: { "x-amz-meta-user-profile-id": _id, ...fields } }) => post(url, fields, photo),
      "AccessDenied",
    ],
    ["another type", ({ url, fields }) => post(url, { ...fields, "Content-Type": "text/html" }, photo), "AccessDenied"],
    ["another key", ({ url, fields }) => post(url, { ...fields, key: "original/3/me.jpg" }, photo), "AccessDenied"],
    ["a field more", ({ url, fields }) => post(url, { ...fields, "x-amz-meta-more": "1" }, photo), "AccessDenied"],
    ["an empty file", ({ url, fields }) => post(url, fields, Buffer.alloc(0)), "EntityTooSmall"],
  ])("is refused with %s", async (_what, send, code) => {
    expect(await codeOf(await send(signed))).toBe(code);
    await expect(stored(signed.key)).rejects.toMatchObject({ name: "NotFound" });
  });
});

describe("the command that it prints, as a shell reads it,", () => {
  async function printed(method: string, times: string): Promise<string[]> {
    const { lines, error } = await run(presignCommand(), pipeline, "--user", "2", "--method", method, file);
    expect(error).toBeUndefined();
    expect(lines[0]).toMatch(/^Until \S+Z this uploads the photo to original\/2\/\S+\.jpg, [a-z ]+:$/);
    expect(lines[0]).toContain(`, ${times}:`);
    const script = `curl() { printf '%s\\0' "$@"; }\n${lines.slice(1).join("\n")}`;
    const { stdout } = await promisify(execFile)("sh", ["-c", script]);
    return stdout.split("\0").slice(0, -1);
  }
  const valuesOf = (args: readonly string[], option: string, separator: string) =>
    Object.fromEntries(
      args.flatMap((arg, index) => {
        if (args[index - 1] !== option) return [];
        const [name = "", ...value] = arg.split(separator);
        return [[name, value.join(separator)]];
      }),
    );

  it("PUTs the file, whatever it is called", async () => {
    const args = await printed("PUT", "once");
    expect(args[args.indexOf("--upload-file") + 1]).toBe(file);
    expect((await put(args.at(-1) ?? "", valuesOf(args, "-H", ": "), photo)).status).toBe(200);
  });

  it("POSTs it", async () => {
    const args = await printed("POST", "each time that it is sent");
    expect(args[args.indexOf("--form") + 1]).toBe(`file=@"${file.replaceAll('"', '\\"')}"`);
    expect((await post(args.at(-1) ?? "", valuesOf(args, "--form-string", "="), photo)).status).toBe(204);
  });
});

it("signs the sizes that the pipeline takes, and no other", async () => {
  const { fields } = await presign("POST");
  const { conditions } = JSON.parse(Buffer.from(fields.Policy ?? "", "base64").toString());
  expect(conditions).toContainEqual(["content-length-range", 1, MAX_PHOTO_BYTES]);
});

it("holds as long as is asked for", async () => {
  const { url, expires } = await presign("PUT", "--expires-in", "604800");
  expect(new URL(url).searchParams.get("X-Amz-Expires")).toBe("604800");
  expect(Date.parse(expires) - Date.now()).toBeGreaterThan(604_790_000);
});

it("sends nothing itself", async () => {
  const { key } = await presign("POST");
  await expect(stored(key)).rejects.toMatchObject({ name: "NotFound" });
});
