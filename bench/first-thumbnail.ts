// Measures how long a newcomer waits: from the command `npm run demo`, without npm's own start, to its first thumbnail.
// Run it with: node --import tsx bench/first-thumbnail.ts

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PROJECT_ROOT } from "../stack/project-root";

const RUNS = 5;

async function measure(): Promise<number> {
  const start = performance.now();
  const demo = spawn(process.execPath, [join(PROJECT_ROOT, "cli", "profile-image.js"), "demo"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(demo, "close");
  let seconds = Number.NaN;
  for await (const line of createInterface({ input: demo.stdout })) {
    if (Number.isNaN(seconds) && line.includes("→")) seconds = (performance.now() - start) / 1000;
  }
  await ended;
  if (Number.isNaN(seconds)) throw new Error("The demo ended without a thumbnail");
  return seconds;
}

async function main(): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) times.push(await measure());
  times.sort((a, b) => a - b);
  const [first, median, last] = [times[0], times[Math.floor(RUNS / 2)], times.at(-1)].map((each) => each?.toFixed(1));
  console.log(`| first thumbnail of \`npm run demo\` | ${median} (${first}–${last}) s |`);
}

void main();
