// The guard: what is left of a process that is killed itself, and what it must leave alone.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "..", "..");
/** Guards two process groups and a directory, and lets one of the groups go. */
const GUARDED = `
const { createGuard } = require("./local/guard.ts");
const [kept, ended, directory] = process.argv.slice(1);
const guard = createGuard();
for (const group of [ended, kept]) guard.add(group);
guard.remove(ended);
guard.addDirectory(directory);
console.log("guarded");
setInterval(() => {}, 60_000);
`;

const children: ChildProcess[] = [];
const directory = mkdtempSync(join(tmpdir(), "guard test-"));
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return child;
}

it("kills the groups that its process guards when it is killed, none that it had let go, and then removes the directories", async () => {
  const [kept, ended] = [start("sleep", ["60"]), start("sleep", ["60"])];
  const guarded = start(process.execPath, [
    ...["-r", "./cli/typescript.js", "-e", GUARDED],
    ...[String(kept.pid), String(ended.pid), directory],
  ]);
  const isRemoved = new Promise<void>((resolve) => {
    const watcher = watch(dirname(directory), () => {
      if (existsSync(directory)) return;
      watcher.close();
      resolve();
    });
  });
  if (guarded.stdout === null) throw new Error("It has no output");
  await once(guarded.stdout, "data");

  const end = once(kept, "exit");
  guarded.kill("SIGKILL");

  expect(await end).toEqual([null, "SIGKILL"]);
  await isRemoved;
  // By now it has killed whom it would kill: the number of a group that ended may be another program's.
  const lastWord = once(ended, "exit");
  ended.kill("SIGTERM");
  expect(await lastWord).toEqual([null, "SIGTERM"]);
});
