// What a command tells its user line by line and, on a terminal, what it is waiting for just now.

import { columnsOf, type Printed, rendered } from "./print";

export interface Report {
  say(line: Printed): void;
  /** Shown until the next line takes its place; nothing where the output is not a terminal. */
  wait(what: string): void;
}

/** From the start of the line on, so that the next text takes its place. */
const CLEAR_LINE = "\r\u001b[K";

export function createReport(stream: Pick<NodeJS.WriteStream, "isTTY" | "write"> & { columns?: number }): Report {
  return {
    say: (line) => void stream.write(`${stream.isTTY ? CLEAR_LINE : ""}${rendered(line, stream)}\n`),
    wait(what) {
      // What runs into the next line could not be taken back.
      const columns = columnsOf(stream);
      if (columns !== undefined) stream.write(`${CLEAR_LINE}${rendered(what, stream).slice(0, columns - 1)}`);
    },
  };
}

/** A report of work that the user may stop: from then on it says nothing, whatever goes on for a moment. */
export function untilStopped({ say, wait }: Report, stop: AbortSignal): Report {
  stop.addEventListener("abort", () => wait(""), { once: true });
  return {
    say(line) {
      if (!stop.aborted) say(line);
    },
    wait(what) {
      if (!stop.aborted) wait(what);
    },
  };
}
