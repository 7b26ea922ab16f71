// What a process and all its descendants have held and used, from Linux's /proc.

import { readdirSync, readFileSync } from "node:fs";

/** The kernel's clock ticks a second, as /proc counts them: sysconf(_SC_CLK_TCK), 100 on every Linux that runs Node. */
const TICKS_PER_SECOND = 100;

export interface Usage {
  /** The sum of the most that each process has held at a time, so at least the most that all have held at once. */
  readonly peakMegabytes: number;
  /** Of user and system together, since each process began. */
  readonly cpuSeconds: number;
}

/** Adds up a process and its descendants; it walks down from the root, as reading all of /proc would be felt itself. */
export function usageOfTree(root: number): Usage {
  try {
    const status = readFileSync(`/proc/${root}/status`, "utf8");
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(status) ?? [];
    // Behind the name in brackets, which may hold anything, the 12th and 13th field are the ticks in user and system.
    const fields = readFileSync(`/proc/${root}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const own = {
      peakMegabytes: Number(kilobytes ?? 0) / 1024,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    };
    return childrenOf(root).map(usageOfTree).reduce(sum, own);
  } catch {
    return { peakMegabytes: 0, cpuSeconds: 0 }; // It ended meanwhile.
  }
}

/** Each thread has children of its own. */
export const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );

const sum = (one: Usage, other: Usage): Usage => ({
  peakMegabytes: one.peakMegabytes + other.peakMegabytes,
  cpuSeconds: one.cpuSeconds + other.cpuSeconds,
});
