// `npm start -- --watch` on a copy of the project, which is changed as its user would change it.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { inOneSentence } from "../../cli/follow-changes";
import { startCommand } from "../../cli/start";
import { APP_PARTS } from "../app-parts";
import { picture } from "../local/tinify/pictures";
import { createPlace, PROJECT_ROOT } from "./command";
import { expectMistake } from "./run";

jest.setTimeout(120_000);

const project = mkdtempSync(join(tmpdir(), "cli-test-project-"));
const place = createPlace(project);
const PARTS = [...APP_PARTS, "chaos", "cli", "console", "local", "operations", "pipeline", "samples", "tsconfig.json"];
beforeAll(() => {
  for (const name of PARTS) {
    cpSync(join(PROJECT_ROOT, name), join(project, name), { recursive: true });
  }
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(project, "node_modules"));
});
afterAll(async () => {
  await place.close();
  rmSync(project, { recursive: true });
});

/** Changes a file; the function that it returns changes it back. */
function edit(file: string, from: string, to: string): () => void {
  const path = join(project, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  return () => writeFileSync(path, text);
}

const CONSOLE = /^http:\/\/127\.0\.0\.1:\d+$/;
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const Bucket = "user-profile-images-111122223333";

test("a change is applied to what runs, with its table and objects; a mistake is told, and the old stack goes on", async () => {
  const running = place.start(["start", "--port", "0", "--watch"]);
  await running.line("stdout", CONSOLE);
  expect(running.output()).toContain("\nwatched          cdktf.json, functions/, policies/, stack/\n");
  const [, endpoint] = /AWS_ENDPOINT_URL=(\S+)/.exec(running.output()) ?? [];
  const client = { endpoint, region: "eu-west-1", credentials };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const lambda = new LambdaClient(client);
  const codeOf = async (FunctionName: string) =>
    (await lambda.send(new GetFunctionCommand({ FunctionName }))).Configuration?.CodeSha256;
  const Body = await picture(300, 200).png().toBuffer();
  async function upload(id: string): Promise<string> {
    const line = running.line("stdout", new RegExp(`profile ${id} `));
    const Key = `original/${id}/photo.png`;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { "user-profile-id": id } }));
    return line;
  }

  expect(await upload("1")).toContain(" → 150×100, ");

  let refused = running.line("stderr", /^Not applied/);
  const mend = edit("functions/lib/outcome.ts", "export", "const x = ;\nexport");
  expect(await refused).toMatch(
    /^Not applied; the previous stack goes on running: .*outcome\.ts:\d+:\d+: Unexpected ";"$/,
  );
  expect(await upload("2")).toContain(" → 150×100, ");

  const before = await codeOf("CreateThumbnail");
  const applied = running.line("stdout", /^Applied the change in \d+\.\d s\.$/);
  mend();
  edit("cdktf.json", '"width": 150', '"width": 60');
  edit("functions/create-thumbnail.ts", 'message: "created"', 'message: "made"');
  edit("policies/create-thumbnail.json", '"Sid": "StoreThumbnails"', '"Sid": "KeepThumbnails"');
  await applied;
  expect(await codeOf("CreateThumbnail")).not.toBe(before);
  expect(await upload("3")).toContain(" → 60×40, ");
  await s3.send(new HeadObjectCommand({ Bucket, Key: "thumbnails/1/photo.png" }));

  refused = running.line("stderr", /^Not applied/);
  edit("cdktf.json", '"context": {', '"context": { "bucketName": "another-bucket",');
  expect(await refused).toMatch(
    /: aws_s3_bucket\.\w+: "bucket" cannot be changed while .*; stop it and start it again$/,
  );
  expect(await upload("4")).toContain(" → 60×40, ");

  s3.destroy();
  lambda.destroy();
  running.kill("SIGINT");
  const { code, stdout } = await running.ended;
  expect({ code, files: place.temporaryFiles() }).toEqual({ code: 0, files: [] });
  expect(stdout).toMatch(/\nStopping …\n$/);
});

test("it is not for a stack that is synthesized already", () =>
  expectMistake(startCommand(), ["--watch", "--stack", "x"], "--watch synthesizes this project's stack"));

test.each([
  ["the setting stage is wrong", "the setting stage is wrong"],
  ["could not: /a/node.js:2\n  x\n\nTypeError: no such thing\n    at x", "TypeError: no such thing"],
  ["could not: Error: Build failed with 1 error:\n/p/x.ts:1:2: ERROR: Unexpected\n  at", "/p/x.ts:1:2: Unexpected"],
])("of %j it says %j", (message, expected) => expect(inOneSentence(message)).toBe(expected));
