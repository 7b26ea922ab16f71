// The long fuzz: random and malformed requests against the whole pipeline, and what it holds before and after.
// Run it with: node --import tsx bench/fuzz.ts [--requests 10000] [--seed N]

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { synthesize } from "../cli/synthesize";
import { PROJECT_ROOT } from "../stack/project-root";
import { type FuzzReport, runFuzz } from "../test/fuzz/run";
import { holdings, holdsNoMore, settledHoldings, startFuzzedServer } from "../test/fuzz/server";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

function table({ statuses }: FuzzReport): string {
  const lines = [...statuses].sort().map(([kind, counts]) => {
    const parts = [...counts].sort().map(([status, count]) => `${status}×${count}`);
    return `  ${kind.padEnd(10)} ${parts.join(" ")}`;
  });
  return lines.join("\n");
}

async function main(): Promise<void> {
  const options = new Command()
    .option("--requests <number>", "how many", "10000")
    .option("--seed <number>", "the same seed makes the same requests", "1")
    .parse()
    .opts<{ requests: string; seed: string }>();
  const photo = readFileSync(join(PROJECT_ROOT, "samples", "viper.jpg"));
  const server = await startFuzzedServer((await synthesize()).directory);
  process.on("unhandledRejection", (error) => server.bugs.push(error));
  try {
    await server.makeThumbnail(photo, "before");
    await server.emptyBucket();
    const before = holdings();
    const start = performance.now();
    const report = await runFuzz(server, { requests: Number(options.requests), seed: Number(options.seed) });
    const seconds = (performance.now() - start) / 1000;
    const thumbnailBytes = await server.makeThumbnail(photo, "after");
    await server.emptyBucket();
    const after = await settledHoldings(before);
    console.log(`${report.requests} requests of seed ${options.seed} in ${seconds.toFixed(1)} s\n${table(report)}`);
    console.log(
      `held before ${JSON.stringify(before)}, after ${JSON.stringify(after)}; thumbnail of ${thumbnailBytes} bytes`,
    );
    for (const fault of report.faults) console.error(fault);
    for (const bug of server.bugs) console.error("reported as a bug:", bug);
    const isClean = report.faults.length + server.bugs.length === 0 && holdsNoMore(after, before);
    console.log(isClean ? "clean" : "NOT clean");
    process.exitCode = isClean ? 0 : 1;
  } finally {
    await server.close();
  }
}

void main();
