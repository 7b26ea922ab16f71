// Reads what an instance writes: the runtime's log frames, and the plain lines of everything below it, such as V8's fatal errors.
// A frame is 4 bytes type, 4 bytes length, 8 bytes microseconds since 1970, then the message; big-endian, as in
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/LogPatch.js

import type { Readable } from "node:stream";

const HEAD_BYTES = 16;

export type OnLogLine = (message: string, timestamp: number) => void;

/** Reads frames from a stream until it ends; `reached` waits until that many bytes have been read. */
export function readLogFrames(stream: Readable, onLine: OnLogLine) {
  let rest: Buffer = Buffer.alloc(0);
  let readBytes = 0;
  let ended = false;
  let waiting: { bytes: number; resolve: () => void }[] = [];

  const settle = () => {
    const reached = waiting.filter(({ bytes }) => ended || readBytes >= bytes);
    if (reached.length === 0) return;
    waiting = waiting.filter((each) => !reached.includes(each));
    for (const { resolve } of reached) resolve();
  };

  stream.on("data", (chunk: Buffer) => {
    readBytes += chunk.length;
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) break;
      onLine(rest.toString("utf8", HEAD_BYTES, end), Number(rest.readBigUInt64BE(8) / 1000n));
      rest = rest.subarray(end);
    }
    settle();
  });
  stream.on("close", () => {
    ended = true;
    settle();
  });

  return {
    reached: (bytes: number): Promise<void> =>
      new Promise((resolve) => {
        waiting.push({ bytes, resolve });
        settle();
      }),
  };
}

/** Reads lines of text from a stream until it ends. */
export function readPlainLines(stream: Readable, onLine: OnLogLine): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line, Date.now());
  });
  stream.on("close", () => {
    if (rest !== "") onLine(rest, Date.now());
    rest = "";
  });
}
