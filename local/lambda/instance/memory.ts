// How much memory an instance's process holds, as the kernel counts it. Linux shows it in /proc; elsewhere only the
// runtime itself knows, at the end of each invocation.

import { readFileSync } from "node:fs";

const BYTES_PER_MB = 1024 * 1024;

/** The highest resident memory of a process since its start, in bytes; undefined where the kernel does not show it. */
export function peakResidentBytes(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    // No /proc on this system, or the process is gone.
    return undefined;
  }
}

/** Megabytes as REPORT lines print them. */
export const toMegabytes = (bytes: number): number => Math.ceil(bytes / BYTES_PER_MB);
