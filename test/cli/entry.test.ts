// The one entry to all commands, as users reach it.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROJECT_ROOT } from "./command";

const place = mkdtempSync(join(tmpdir(), "cli-test-entry-"));
afterAll(() => rmSync(place, { recursive: true }));

// npm links the bin of a checkout into its cache: one of our own, so that nothing of an earlier run can help.
const env = { ...process.env, npm_config_cache: place, npm_config_update_notifier: "false" };
const USAGE = /^Usage: profile-image start \[options\]\n/;

// npm is slow on a busy machine.
jest.setTimeout(60_000);

test.concurrent.each<[string, string, readonly string[], string]>([
  ["npx, in any folder of the checkout", "npx", ["--offline", "profile-image"], join(PROJECT_ROOT, "samples")],
  ["its path, from anywhere", process.execPath, [join(PROJECT_ROOT, "cli", "profile-image.js")], tmpdir()],
])("is %s", async (_what, file, args, cwd) => {
  const { stdout, stderr } = await promisify(execFile)(file, [...args, "start", "--help"], { cwd, env });
  expect(stdout).toMatch(USAGE);
  expect(stderr).toBe("");
});

test.concurrent("destroy refuses a stage that npm has kept for itself, and so does not meet the default one", async () => {
  const run = promisify(execFile)("npm", ["run", "destroy", "--stage=dev"], { cwd: PROJECT_ROOT, env });
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("go after a double dash: npm run destroy -- --stage dev\n"),
  });
});

// By real npm. Of --local it leaves nothing but a line in its log, which only Linux lets us find.
test.concurrent("an option without npm's double dash ends the command with the right spelling", async () => {
  const option = process.platform === "linux" ? "--local" : "--all";
  const run = promisify(execFile)("npm", ["run", "redrive", option], { cwd: PROJECT_ROOT, env });
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`go after a double dash: npm run redrive -- ${option}\n`),
  });
});
