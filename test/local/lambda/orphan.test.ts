// A function's process whose platform is gone: nobody reads its log and nobody answers at the Runtime API any more.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUNTIME_DIRECTORY } from "../../../local/lambda/instance/instance";

const folder = mkdtempSync(join(tmpdir(), "orphan "));
const processes: ChildProcess[] = [];
afterAll(() => {
  for (const each of processes) each.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const LOG = 3;

it.each([
  ["asks for its next invocation", "exports.handler = () => {}"],
  ["logs", 'console.log("a line"); exports.handler = () => {}'],
  ["throws what nobody catches", 'setTimeout(() => { throw new Error("late"); }); exports.handler = () => {}'],
])("ends when it %s", async (_what, code) => {
  writeFileSync(join(folder, "index.js"), code);
  const settings = JSON.stringify({ endpoint: "http://127.0.0.1:1", carriedHosts: [] });
  const orphan = spawn(process.execPath, [join(RUNTIME_DIRECTORY, "bootstrap.mjs"), settings], {
    env: { AWS_LAMBDA_RUNTIME_API: "127.0.0.1:1", LAMBDA_TASK_ROOT: folder, _HANDLER: "index.handler" },
    // The lifeline stays open: while the process computes, it does not see its end either.
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    detached: true,
  });
  processes.push(orphan);
  orphan.stdio[LOG]?.destroy();
  await once(orphan, "exit", { signal: AbortSignal.timeout(10_000) });
});
