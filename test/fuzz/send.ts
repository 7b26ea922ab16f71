// Sends one request of the fuzz on a connection of its own and collects what comes back.

import { connect } from "node:net";
import { faultOf, readAnswers } from "./answers";
import type { FuzzRequest } from "./request";

/** No honest answer takes longer, not even a function's first start on a busy machine. */
const DEADLINE_MS = 15_000;

export interface Outcome {
  /** The status of each answer. */
  readonly statuses: readonly number[];
  /** What went wrong, in words. */
  readonly fault?: string;
}

/** Resolves when the connection is closed; never rejects. */
export function sendRequest(port: number, request: FuzzRequest): Promise<Outcome> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    let isLate = false;
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const deadline = setTimeout(() => {
      isLate = true;
      socket.destroy();
    }, DEADLINE_MS);
    // A server may break off a connection whose bytes make no sense.
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.end());
    socket.on("data", (chunk) => {
      received.push(chunk);
      if (request.ends === "answer" && isAnswered(received, request.methods)) socket.end();
    });
    socket.on("close", () => {
      clearTimeout(deadline);
      resolve(judge(request, Buffer.concat(received), isLate));
    });
    socket.write(request.bytes, () => {
      if (request.ends === "half-close") socket.end();
      if (request.ends === "hang-up") socket.destroy();
    });
  });
}

function isAnswered(received: readonly Buffer[], methods: readonly string[]): boolean {
  try {
    const { answers, isComplete } = readAnswers(Buffer.concat(received), methods);
    return isComplete && answers.length >= methods.length;
  } catch {
    return true;
  }
}

function judge({ methods, ends }: FuzzRequest, received: Buffer, isLate: boolean): Outcome {
  try {
    const { answers, isComplete } = readAnswers(received, methods);
    const statuses = answers.map(({ status }) => status);
    const fault = answers.map(faultOf).find((found) => found !== undefined);
    if (fault !== undefined) return { statuses, fault };
    if (isLate) return { statuses, fault: `the connection was still open after ${DEADLINE_MS} ms` };
    if (ends === "answer" && answers.length === 0) return { statuses, fault: "the request was never answered" };
    if (ends !== "hang-up" && !isComplete) return { statuses, fault: "an answer ended early" };
    return { statuses };
  } catch (error) {
    return { statuses: [], fault: `${(error as Error).message}: ${received.toString("latin1", 0, 300)}` };
  }
}
