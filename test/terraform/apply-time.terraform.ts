// How long Terraform takes to apply the stack, and what the emulator spends on it: here and on one that nobody here wrote,
// one after the other in one run. Without lifecycle rules, for which the provider waits the most part of a minute on either.

import { readFileSync } from "node:fs";
import { type Emulator, startEmbedded, startMiniStack } from "./emulators";
import type { StackJson } from "./provider";
import { Workspace } from "./workspace";

const DEV = { stage: "dev" };
/** Of Linux's times of a process: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS_PER_SECOND = 100;

interface Measured {
  readonly applySeconds: number;
  readonly cpuSeconds: number;
}

function withoutLifecycles(json: StackJson): StackJson {
  delete json.resource.aws_s3_bucket_lifecycle_configuration;
  return json;
}

async function measure(emulator: Emulator): Promise<Measured> {
  const workspace = new Workspace({ ...emulator, spare: (json) => withoutLifecycles(emulator.spare(json)) });
  try {
    await workspace.configure(DEV);
    const [at, cpuAt] = [performance.now(), cpuSeconds(emulator.pid)];
    await workspace.apply();
    return { applySeconds: (performance.now() - at) / 1000, cpuSeconds: cpuSeconds(emulator.pid) - cpuAt };
  } finally {
    await emulator.stop();
    workspace.remove();
  }
}

function cpuSeconds(pid: number): number {
  const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user, system] = rest.split(" ").slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND;
}

test("an apply costs the embedded AWS less than the other emulator", async () => {
  const other = await measure(await startMiniStack());
  const embedded = await measure(await startEmbedded("a-key"));
  const line = (name: string, { applySeconds, cpuSeconds }: Measured) =>
    `${name}: applied in ${applySeconds.toFixed(1)} s, of which the emulator computed ${cpuSeconds.toFixed(2)} s\n`;
  const ratio = (of: keyof Measured) => (embedded[of] / other[of]).toFixed(2);
  process.stderr.write(
    `${line("another emulator", other)}${line("the embedded AWS", embedded)}ratio: ${ratio("applySeconds")} of the time, ${ratio("cpuSeconds")} of the emulator's CPU time\n`,
  );
  expect(embedded.cpuSeconds).toBeLessThan(other.cpuSeconds);
});
