// Progress of a command that works on many things: a line for each, and on a terminal a bar below them.

import type { Report } from "./report";

/** Characters. */
const WIDTH = 30;

/** Makes the function that tells of one of so many things that it is done. */
export function createProgress(total: number, report: Report): (line: string) => void {
  const digits = String(total).length;
  let count = 0;
  return (line) => {
    count += 1;
    report.say(`[${String(count).padStart(digits)}/${total}] ${line}`);
    if (count < total) report.wait(bar(count / total));
  };
}

/** A bar of the share, 0 to 1, that is done. */
export function bar(share: number): string {
  const full = Math.round(share * WIDTH);
  return `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${Math.floor(share * 100)} %`;
}
