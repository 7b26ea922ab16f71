// Runs chaos for the page: on an embedded AWS of its own, so that nobody's photos are harmed and no fault of the page's
// switches has a part in the verdict.

import { brokenPromises } from "../chaos/report";
import type { ChaosReport } from "../chaos/run";
import { Refusal } from "./refusal";
import type { ChaosRun, ChaosVerdict } from "./types";

/** As many as a page is watched for without growing impatient: some ten seconds. */
const UPLOADS = 100;
const SEEDS = 100_000;

export interface Chaos {
  current(): ChaosRun;
  /** Begins a run; one at a time. */
  start(): ChaosRun;
  onChange(listener: () => void): void;
  /** Ends a run, and resolves when nothing of it is left. */
  close(): Promise<void>;
}

/** @param stackDirectory what is applied for the run */
export function createChaos(stackDirectory: string): Chaos {
  const listeners: (() => void)[] = [];
  let run: ChaosRun = { isRunning: false };
  let ending: Promise<void> | undefined;
  let stop: (() => Promise<void>) | undefined;
  let isClosed = false;

  function change(next: ChaosRun): void {
    run = next;
    for (const listener of listeners) listener();
  }

  async function judge(seed: number): Promise<ChaosVerdict> {
    // Loaded only now: few pages ever want it.
    const { startPipeline }: typeof import("../pipeline") = require("../pipeline");
    const { runChaos }: typeof import("../chaos/run") = require("../chaos/run");
    const options = { deliverTwiceAndOutOfOrder: true, datesEventsByArrival: true };
    const pipeline = await startPipeline(stackDirectory, 0, options);
    let closing: Promise<void> | undefined;
    stop = () => {
      closing ??= pipeline.close();
      return closing;
    };
    try {
      if (isClosed) throw new Error("the console was closed");
      const onProgress = (progress: string) => change({ isRunning: true, progress });
      return verdictOf(await runChaos(pipeline, { seed, uploads: UPLOADS, onProgress }));
    } finally {
      await stop();
      stop = undefined;
    }
  }

  return {
    current: () => run,
    start() {
      if (run.isRunning) throw new Refusal(409, "Chaos is running already");
      change({ isRunning: true, progress: "starting an embedded AWS of its own" });
      ending = judge(Math.floor(Math.random() * SEEDS)).then(
        (verdict) => change({ isRunning: false, verdict }),
        (error: unknown) =>
          change({ isRunning: false, problem: error instanceof Error ? error.message : String(error) }),
      );
      return run;
    },
    onChange: (listener) => void listeners.push(listener),
    async close() {
      isClosed = true;
      // A run whose AWS is gone comes to nothing, and nobody waits for that.
      await (stop === undefined ? ending : stop());
    },
  };
}

function verdictOf(report: ChaosReport): ChaosVerdict {
  const { seed, uploads, accepted, verdicts, redrive, faults, ms } = report;
  const total = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const broken = brokenPromises(report);
  return { seed, uploads, accepted, verdicts, redriven: redrive.states, faults: total, broken, ms };
}
