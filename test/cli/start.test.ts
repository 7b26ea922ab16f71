import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { photoLine } from "../../cli/photo-lines";
import { rendered } from "../../cli/print";
import { startCommand } from "../../cli/start";
import { picture } from "../local/tinify/pictures";
import { synthesizedStack } from "../pipeline";
import { createPlace, descendantsOf, PROJECT_ROOT, untilGone } from "./command";
import { expectMistake } from "./run";

const place = createPlace();
// Each command is a process, or several: on a busy machine that takes its time.
jest.setTimeout(60_000);
afterAll(() => place.close());

interface Summary {
  readonly endpoint: string;
  readonly functions: readonly string[];
  readonly consoleUrl: string;
}

/** Starts, waits for the line of JSON, and has a function run, so that there is something to leave behind. */
async function startBusy() {
  const running = place.start(["start", "--port", "0", "--json", "--stack", synthesizedStack()]);
  const summary: Summary = JSON.parse(await running.line("stdout", /./));
  const lambda = new LambdaClient({
    endpoint: summary.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  // The one that the sample profiles' stream starts anyway.
  const FunctionName = summary.functions[1];
  await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ Records: [] }) }));
  lambda.destroy();
  const processes = descendantsOf(running.pid);
  // The function's and the guard's.
  expect(processes.length).toBeGreaterThanOrEqual(2);
  return { running, summary, processes };
}

async function upload(endpoint: string, id: string | undefined, Key: string, Body: Buffer): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint, region: "eu-west-1", forcePathStyle: true, credentials });
  const Metadata = id === undefined ? undefined : { "user-profile-id": id };
  await s3.send(new PutObjectCommand({ Bucket: "user-profile-images-111122223333", Key, Body, Metadata }));
  s3.destroy();
}

describe("npm start", () => {
  it("prints one line of JSON, and after a TERM signal ends well: no process, port or file is left", async () => {
    const { running, summary, processes } = await startBusy();
    expect(summary).toEqual({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      region: "eu-west-1",
      accountId: "111122223333",
      bucket: "user-profile-images-111122223333",
      failuresBucket: "user-profile-failures-111122223333",
      table: "user-profile",
      functions: ["SetProfileImage", "CreateThumbnail"],
      consoleUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });

    // A page that is open holds a connection for as long as it can.
    const events = await fetch(`${summary.consoleUrl}/events`);
    expect(events.headers.get("content-type")).toBe("text/event-stream");

    running.kill("SIGTERM");

    const { code, stdout, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`${JSON.stringify(summary)}\n`);
    for (const url of [summary.endpoint, summary.consoleUrl]) {
      await expect(fetch(url)).rejects.toThrow("fetch failed");
    }
    expect(await events.text()).toMatch(/^data: /);
    await untilGone(processes);
    expect(place.temporaryFiles()).toEqual([]);
  });

  it("says on one screen where everything is, the console last, then a line a photo, and ends well after Ctrl-C", async () => {
    const running = place.start(["start", "--port", "0", "--stack", synthesizedStack()]);
    await running.line("stdout", /^http:\/\/127\.0\.0\.1:\d+$/);
    const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(running.output())?.[1] ?? "";
    const screen = running.output().trimEnd().split("\n");
    // Without the line of the synthesis, and with one for the cursor.
    expect(screen.length).toBeLessThanOrEqual(24 - 2);
    expect(screen.filter((line) => line.length > 80)).toEqual([]);

    const good = running.line("stdout", /profile 2 /);
    await upload(endpoint, "2", "original/2/photo.png", await picture(300, 200).png().toBuffer());
    expect(await good).toMatch(/^\d\d:\d\d:\d\d profile 2 photo\.png → 150×100, \d+ ms$/);
    const bad = running.line("stdout", /profile 3 /);
    await upload(endpoint, "3", "original/3/bad.jpg", Buffer.from("no photo"));
    expect(await bad).toMatch(/^\d\d:\d\d:\d\d profile 3 bad\.jpg: UnusablePhoto: /);
    const other = running.line("stdout", /note\.txt/);
    await upload(endpoint, "4", "original/4/note.txt", Buffer.from("no photo"));
    expect(await other).toMatch(/ profile 4 note\.txt: no function is notified of this key/);

    running.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(place.temporaryFiles()).toEqual([]);
    // The AWS CLI takes for metadata whatever follows it, the destination too.
    expect(stdout).toMatch(
      / s3:\/\/user-profile-images-111122223333\/original\/ \\\n {4}--metadata user-profile-id=1\n/,
    );
    // Version 1 of the AWS CLI and boto3 know the second name of the region alone, the JavaScript SDK the first.
    expect(stdout).toContain(" AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1 ");
    expect(stdout).toMatch(/\nnot played {7}\d+ resources?; --verbose shows which, and why\n/);
    expect(stdout).not.toContain("aws_s3_bucket_lifecycle_configuration");
    expect(stdout).toMatch(/\nStopping …\n$/);
  });

  it("ends well when nobody reads what it says", async () => {
    const running = place.start(["start", "--port", "0", "--verbose", "--stack", synthesizedStack()]);
    running.stopReading();
    expect(await running.ended).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(place.temporaryFiles()).toEqual([]);
  });

  it("starts an empty account, in which clients make their own buckets, and ends well", async () => {
    const running = place.start(["start", "--empty", "--port", "0", "--json"]);
    const { endpoint, ...rest } = JSON.parse(await running.line("stdout", /./));
    expect(rest).toEqual({ region: "eu-west-1", accountId: "111122223333" });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const s3 = new S3Client({ endpoint, region: "eu-west-1", forcePathStyle: true, credentials });
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    await s3.send(new CreateBucketCommand({ Bucket: "my-bucket" }));
    await s3.send(new PutObjectCommand({ Bucket: "my-bucket", Key: "a", Body: "a" }));
    s3.destroy();
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });

  it("may be stopped while it still synthesizes", async () => {
    const running = place.start(["start", "--port", "0"]);
    await running.line("stdout", /^Synthesizing/);
    running.kill("SIGTERM");
    expect(await running.ended).toEqual({ code: 0, stdout: "Synthesizing the stack …\n", stderr: "" });
  });

  it("may be stopped while its own sources are compiled for the first time, though Ctrl-C ends the compiler as well", async () => {
    const running = place.start(["start", "--port", "0"], { TSX_DISABLE_CACHE: "1" }, true);
    await running.line("stdout", /^Synthesizing/);
    running.killGroup("SIGINT");
    expect(await running.ended).toEqual({ code: 0, stdout: "Synthesizing the stack …\n", stderr: "" });
  });
});

describe("on a terminal a photo's line", () => {
  const terminal = (colours: number) =>
    Object.assign(new PassThrough(), { isTTY: true, getColorDepth: () => colours }) as unknown as NodeJS.WriteStream;
  const photo = { id: "1", key: "original/2/me.jpg", profileId: "2", at: 0, ms: 114.4, stage: "making" } as const;
  const done = photoLine({ ...photo, state: "done" }, { size: { width: 150, height: 100 } });
  const failed = photoLine({ ...photo, state: "failed" }, { why: "UnusablePhoto: \u001b[2J" });

  it("has a tick or is red", () => {
    expect(rendered(done, terminal(8))).toContain(" \u001b[32m✓ \u001b[39mprofile 2 me.jpg → 150×100, 114 ms");
    expect(rendered(failed, terminal(8))).toContain("\u001b[31mprofile 2 me.jpg: UnusablePhoto: \\x1b[2J\u001b[39m");
  });

  it("breaks a long reason below the photo", () => {
    const line = photoLine({ ...photo, state: "failed" }, { why: "UnusablePhoto: it is no picture at all" }, 50);
    expect(rendered(line, terminal(1)).split("\n")).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d profile 2 me\.jpg: UnusablePhoto: it is$/),
      "           no picture at all",
    ]);
  });

  it("has neither where there are no colours", () => {
    expect(rendered(done, terminal(1))).toMatch(/^\d\d:\d\d:\d\d profile 2 me\.jpg → 150×100, 114 ms$/);
    expect(rendered(failed, terminal(1))).toMatch(/^\d\d:\d\d:\d\d profile 2 me\.jpg: UnusablePhoto: \\x1b\[2J$/);
  });
});

describe("a user's mistake ends in one sentence:", () => {
  const folderWith = (name: string, text: string) => {
    const directory = join(place.folder, name);
    mkdirSync(directory);
    writeFileSync(join(directory, "cdk.tf.json"), text);
    return directory;
  };

  it.each<[string, readonly string[], string]>([
    [
      "a port that is not a number",
      ["--port", "abc"],
      "argument 'abc' is invalid. It must be a number from 0 to 65535.",
    ],
    [
      "a stack that is not there",
      ["--stack", "nowhere"],
      'No synthesized stack at nowhere/cdk.tf.json (ENOENT); run "npm run synth" first',
    ],
    [
      "a folder that has no stack",
      ["--stack", folderWith("no-stack", "hello")],
      "no-stack/cdk.tf.json is not valid JSON: ",
    ],
    [
      "a stack with a resource that the embedded AWS does not know",
      [
        "--stack",
        folderWith(
          "queue",
          JSON.stringify({ provider: { aws: [{ region: "eu-west-1" }] }, resource: { aws_sqs_queue: { jobs: {} } } }),
        ),
      ],
      "aws_sqs_queue.jobs is of a type that the embedded AWS does not know: aws_sqs_queue",
    ],
    [
      "a stack without a pipeline",
      ["--stack", folderWith("empty", JSON.stringify({ provider: { aws: [{ region: "eu-west-1" }] } }))],
      'the stack has no output "bucket"; is it a profile-image stack?',
    ],
  ])("%s", (_what, args, message) => expectMistake(startCommand(), ["--port", "0", ...args, "--json"], message));

  it("a port in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      await expectMistake(
        startCommand(),
        ["--port", String(port)],
        // Before anything is synthesized, and so before anything is on stdout.
        `port ${port} of 127.0.0.1 is already in use, perhaps by another "npm start"; "npm start -- --port `,
      );
    } finally {
      server.close();
    }
  });
});

test("nothing of all this left a temporary file", () => {
  expect(place.temporaryFiles()).toEqual([]);
});

test("it ends when npm does: npm passes a TERM signal to a shell that passes nothing on", async () => {
  const command = `"${process.execPath}" cli/profile-image.js start --port 0 --json --stack "${synthesizedStack()}"; true`;
  const shell = spawn("sh", ["-c", command], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, npm_lifecycle_event: "start" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(shell.stdout, "data");
  const processes = descendantsOf(shell.pid ?? 0);
  expect(processes.length).toBeGreaterThan(0);

  shell.kill("SIGTERM");

  await untilGone(processes);
});

test("killed, it leaves no process and no file", async () => {
  const { running, processes } = await startBusy();
  running.kill("SIGKILL");
  await running.ended;
  // One of them is the guard, which ends when it has removed the files.
  await untilGone(processes);
  expect(place.temporaryFiles()).toEqual([]);
});
