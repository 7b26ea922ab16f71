// The log stream of one instance: gathers lines and hands them to CloudWatch Logs in the name of the function's role,
// once a tick and before each result, so that whoever has the result can read the whole log.

import { randomBytes } from "node:crypto";
import type { LogEvent, Logs } from "../../logs/types";
import type { Caller } from "../../service";

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: LogResult is the last 4 KB. */
const TAIL_BYTES = 4 * 1024;

export interface LogStream {
  write(message: string, timestamp?: number): void;
  flush(): void;
  /** What was written since the last call, as text, at most its last 4 KB. */
  takeTail(): string;
}

/** A name such as `2026/11/24/[$LATEST]0123456789abcdef0123456789abcdef`. */
export function newLogStreamName(): string {
  const date = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${date}/[$LATEST]${randomBytes(16).toString("hex")}`;
}

/** Opens the stream; Logs creates it with its first line. */
export function createLogStream(logs: Logs, caller: Caller, logGroup: string, name: string): LogStream {
  let events: LogEvent[] = [];
  let scheduled: NodeJS.Immediate | undefined;
  let tail: string[] = [];
  let tailLength = 0;

  function flush(): void {
    if (scheduled !== undefined) clearImmediate(scheduled);
    scheduled = undefined;
    if (events.length === 0) return;
    const batch = events;
    events = [];
    logs.write(caller, logGroup, name, batch);
  }

  return {
    flush,
    write(message, timestamp = Date.now()) {
      events.push({ timestamp, message });
      scheduled ??= setImmediate(flush);
      tail.push(message.endsWith("\n") ? message : `${message}\n`);
      tailLength += message.length + 1;
      while (tail.length > 1 && tailLength - (tail[0]?.length ?? 0) > TAIL_BYTES)
        tailLength -= tail.shift()?.length ?? 0;
    },
    takeTail() {
      const bytes = Buffer.from(tail.join(""));
      tail = [];
      tailLength = 0;
      return bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)).toString();
    },
  };
}
