// How many invocations run at once, on how many processes, and that no process outlives its Lambda.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { createGuard } from "../../../local/guard";
import { startTestLambda, type TestLambda } from "./lambda-harness";
import { createMappingTest, READ_STREAM } from "./mapping-harness";

/** Waits until as many invocations as asked for run at the same time; each is a request to a server of the test's. */
const MEETING = `export const handler = async (event) => {
  await fetch(event.url);
  return process.pid;
};`;

const MAPPING = { StartingPosition: "TRIM_HORIZON", BatchSize: 10 };

const TYPESCRIPT = join(__dirname, "..", "..", "..", "cli", "typescript.js");

let aws: TestLambda;
let opened: { close(): Promise<void> }[];

beforeEach(async () => {
  aws = await startTestLambda();
  opened = [aws];
});
afterEach(async () => {
  for (const each of opened) await each.close();
});

it("runs as many at once as are reserved, and throttles the next", async () => {
  const { url, arrived, open } = await startDoor();
  const name = await aws.createFunction(MEETING, { ReservedConcurrentExecutions: 2 });
  const both = [aws.invoke(name, { url }), aws.invoke(name, { url })];
  await arrived(2);

  await expect(aws.invoke(name, { url })).rejects.toMatchObject({
    name: "TooManyRequestsException",
    message: "Rate Exceeded.",
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    $metadata: { httpStatusCode: 429 },
  });

  open();
  const [first, second] = await Promise.all(both);
  expect(first?.payload).not.toBe(second?.payload);
  await expect(aws.invoke(name, { url })).resolves.toMatchObject({ status: 200 });
});

it("lets functions without a reserved number share the account's", async () => {
  const small = await startTestLambda({ accountConcurrency: 1 });
  opened.push(small);
  const { url, arrived, open } = await startDoor();
  const [one, other] = [await small.createFunction(MEETING), await small.createFunction(MEETING)];
  const running = small.invoke(one, { url });
  await arrived(1);

  await expect(small.invoke(other, { url })).rejects.toMatchObject({ Reason: "ConcurrentInvocationLimitExceeded" });

  open();
  await running;
});

it("throttles every invocation of a function with a reserved number of zero", async () => {
  const name = await aws.createFunction("export const handler = async () => 1;", { ReservedConcurrentExecutions: 0 });

  await expect(aws.invoke(name)).rejects.toMatchObject({ name: "TooManyRequestsException" });
});

it("lets a stream's batch run next, however many asynchronous events wait for the account's places", async () => {
  const { stream, write } = createMappingTest();
  const small = await startTestLambda({ accountConcurrency: 1, dynamodb: { stream: () => stream } });
  opened.push(small);
  const busy = await small.createFunction(
    "export const handler = () => new Promise((resolve) => setTimeout(resolve, 10));",
  );
  const mapped = await small.createFunction("export const handler = async () => {};", {}, [READ_STREAM]);
  await small.call("CreateEventSourceMapping", { ...MAPPING, FunctionName: mapped, EventSourceArn: stream.arn });
  const order: string[] = [];
  const batch = new Promise<void>((resolve) => {
    small.activity.subscribe(({ action, resource = "", detail }) => {
      if (action === "Start" && order.length === 0) write(1);
      // An end, not the request for it.
      if (action !== "Invoke" || detail?.durationMs === undefined) return;
      order.push(resource);
      if (resource === mapped) resolve();
    });
  });
  for (let event = 0; event < 20; event++) {
    await small.client.send(new InvokeCommand({ FunctionName: busy, InvocationType: "Event" }));
  }

  await batch;

  expect(order.slice(0, 2)).toEqual([busy, mapped]);
});

it("is at rest only when a mapping that replaced another one has read to the end", async () => {
  const { stream, write } = createMappingTest();
  const changing = await startTestLambda({ dynamodb: { stream: () => stream } });
  opened.push(changing);
  const FunctionName = await changing.createFunction("export const handler = async () => {};", {}, [READ_STREAM]);
  const mapping = { ...MAPPING, FunctionName, EventSourceArn: stream.arn, MaximumBatchingWindowInSeconds: 300 };
  const { UUID } = (await changing.call("CreateEventSourceMapping", { ...mapping, BatchSize: 3 })) as { UUID: string };
  write(1);
  const atRest = changing.lambda.idle();
  await changing.call("UpdateEventSourceMapping", { UUID, BatchSize: 2 });
  await new Promise(setImmediate);
  // Now the batch is full.
  write(2);

  await atRest;

  expect(changing.activities).toContainEqual(expect.objectContaining({ action: "StreamBatch" }));
});

it("works off short invocations on one process, even where together they take longer than a start", async () => {
  const name = await aws.createFunction(
    "export const handler = (ms) => new Promise((resolve) => setTimeout(resolve, ms, process.pid));",
  );
  await aws.invoke(name, 0);

  // Each takes less than a process needs to start, on the fastest machine too; all ten, which is what the account may run, more.
  const answers = await Promise.all(Array.from({ length: 10 }, () => aws.invoke(name, 20)));

  expect(new Set(answers.map(({ payload }) => payload)).size).toBe(1);
});

it("leaves no process and no key behind when it closes, even while a function computes", async () => {
  const name = await aws.createFunction(
    "export const handler = async (event) => { if (event.url) { await fetch(event.url); for (;;); } return [process.pid, process.env.AWS_ACCESS_KEY_ID]; };",
  );
  const { url, arrived, open } = await startDoor();
  const [pid, key] = (await aws.invoke(name, {})).payload;
  const stuck = aws.invoke(name, { url }).catch(() => "broken off");
  await arrived(1);
  open();

  await aws.close();

  expect(isAlive(pid)).toBe(false);
  expect(aws.iam.findCredentials(key)).toBeUndefined();
  await expect(stuck).resolves.toBe("broken off");
});

it("leaves no process and no file behind when it is killed itself, even while a function computes", async () => {
  const directory = mkdtempSync(join(tmpdir(), "killed-lambda-"));
  opened.push({ close: async () => rmSync(directory, { recursive: true, force: true }) });
  const program = join(__dirname, "killed-lambda.ts");
  const parent: ChildProcess = spawn(process.execPath, ["-r", TYPESCRIPT, program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: directory },
  });
  const lines = createInterface({ input: parent.stdout ?? process.stdin });
  const [line] = (await once(lines, "line")) as [string];
  const pids: number[] = JSON.parse(line);
  const filesOfLambda = () => readdirSync(directory).filter((name) => name.startsWith("embedded-lambda-"));
  expect(pids.map(isAlive)).toEqual([true, true]);
  expect(filesOfLambda()).toHaveLength(1);

  parent.kill("SIGKILL");

  await untilGone(() => [...pids.filter(isAlive), ...filesOfLambda()]);
  lines.close();
});

it("guards the process groups that run, and lets each go when it has ended: its number may be another program's", async () => {
  const groups = new Set<number>();
  const guard = {
    ...createGuard(),
    add: (group: number) => void groups.add(group),
    remove: (group: number) => void groups.delete(group),
  };
  const guarded = await startTestLambda({ guard });
  opened.push(guarded);
  const name = await guarded.createFunction(
    "export const handler = (event) => event.exit ? process.exit(1) : new Promise((answer) => answer(process.pid));",
  );
  const { payload: pid } = await guarded.invoke(name, { exit: false });
  expect([...groups]).toEqual([pid]);
  await guarded.invoke(name, { exit: true });
  expect([...groups]).toEqual([]);
});

/** A server whose answers wait until it is opened: functions that ask it run at the same time. */
async function startDoor() {
  const waiting: (() => void)[] = [];
  const arrivals: { count: number; resolve(): void }[] = [];
  let isOpen = false;
  const server = createServer((_request, response) => {
    const answer = () => void response.end();
    if (isOpen) answer();
    else waiting.push(answer);
    for (const { count, resolve } of arrivals) if (waiting.length >= count) resolve();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  opened.push({
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    arrived: (count: number) => new Promise<void>((resolve) => void arrivals.push({ count, resolve })),
    open() {
      isOpen = true;
      for (const answer of waiting.splice(0)) answer();
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The kernel tells nobody but the parent of an exit; so this asks, with a deadline. */
async function untilGone(left: () => readonly unknown[]): Promise<void> {
  const deadline = performance.now() + 5000;
  while (left().length > 0) {
    if (performance.now() > deadline) throw new Error(`There is still ${left().join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
