// How long Terraform takes to apply the stack, and what the emulator spends on it: here and on one that nobody here wrote,
// in turn in one run. Without lifecycle rules, for which the provider waits the most part of a minute on either.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Emulator, startMiniStack } from "./emulators";
import type { StackJson } from "./provider";
import { Workspace } from "./workspace";

const DEV = { stage: "dev" };
/** Of Linux's times of a process: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS_PER_SECOND = 100;
/** One round alone was decided by the other tests of the run: a process computed 0.30 s in it or 0.46 s. */
const ROUNDS = 3;

interface Measured {
  readonly applySeconds: number;
  readonly cpuSeconds: number;
}

function withoutLifecycles(json: StackJson): StackJson {
  delete json.resource.aws_s3_bucket_lifecycle_configuration;
  return json;
}

/** `npm start -- --empty`, in a process of its own as the other. */
async function startEmpty(): Promise<Emulator> {
  const program = join(__dirname, "..", "..", "cli", "profile-image.js");
  const child = spawn(process.execPath, [program, "start", "--empty", "--port", "0", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(child.stdout), "line");
  const ended = once(child, "close");
  return {
    endpoint: JSON.parse(line).endpoint,
    spare: (json) => json,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
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

/** The least of each figure: what else the machine did meanwhile only ever adds to it. */
const least = (rounds: readonly Measured[]): Measured => ({
  applySeconds: Math.min(...rounds.map(({ applySeconds }) => applySeconds)),
  cpuSeconds: Math.min(...rounds.map(({ cpuSeconds }) => cpuSeconds)),
});

test("an apply costs the embedded AWS less than the other emulator", async () => {
  const rounds: { other: Measured; embedded: Measured }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ other: await measure(await startMiniStack()), embedded: await measure(await startEmpty()) });
  }
  const other = least(rounds.map((round) => round.other));
  const embedded = least(rounds.map((round) => round.embedded));
  const line = (name: string, { applySeconds, cpuSeconds }: Measured) =>
    `${name}: applied in ${applySeconds.toFixed(1)} s, of which the emulator computed ${cpuSeconds.toFixed(2)} s\n`;
  const ratio = (of: keyof Measured) => (embedded[of] / other[of]).toFixed(2);
  process.stderr.write(
    `${line("another emulator", other)}${line("the embedded AWS", embedded)}ratio: ${ratio("applySeconds")} of the time, ${ratio("cpuSeconds")} of the emulator's CPU time\n`,
  );
  expect(embedded.cpuSeconds).toBeLessThan(other.cpuSeconds);
});
