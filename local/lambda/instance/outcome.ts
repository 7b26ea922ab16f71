// How one invocation ended on its instance, in the words that Lambda has for it.

import type { RuntimeResult } from "./runtime-api";
import { RESPONSE_MAX_BYTES } from "./runtime-api";

export interface Outcome {
  readonly status: "success" | "error" | "timeout";
  /** The response or the error object, as JSON text. */
  readonly payload: string;
  readonly errorType?: string;
  /** What the platform itself writes to the log about it. */
  readonly platformLine?: string;
}

/** The error type of an invocation whose process ended in the middle. */
export const EXIT_ERROR = "Runtime.ExitError";

export const outcomes = {
  of({ kind, body, errorType }: RuntimeResult): Outcome {
    if (kind === "response") return { status: "success", payload: body };
    if (kind === "error") return { status: "error", payload: body, errorType: errorType ?? "Unhandled" };
    const message = `Response payload size exceeded maximum allowed payload size (${RESPONSE_MAX_BYTES} bytes).`;
    return failure("Function.ResponseSizeTooLarge", message, undefined);
  },

  timedOut(requestId: string, timeoutMs: number): Outcome {
    const message = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    const errorType = "Sandbox.Timedout";
    return {
      status: "timeout",
      payload: JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` }),
      errorType,
      platformLine: `${new Date().toISOString()} ${requestId} ${message}`,
    };
  },

  outOfMemory: (requestId: string): Outcome => exit(requestId, "Runtime.OutOfMemory", "signal: killed"),

  exited(requestId: string, code: number | null, signal: NodeJS.Signals | null): Outcome {
    if (signal === null && code === 0) {
      const message = `RequestId: ${requestId} Error: Runtime exited without providing a reason`;
      return failure(EXIT_ERROR, message, `${message}\n${EXIT_ERROR}`);
    }
    return exit(requestId, EXIT_ERROR, signal === null ? `exit status ${code}` : `signal: ${SIGNALS[signal]}`);
  },
};

/** Signals as Go, in which Lambda's platform is written, names them. */
const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: "killed",
  SIGABRT: "aborted",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
  SIGTRAP: "trace/breakpoint trap",
  SIGILL: "illegal instruction",
  SIGINT: "interrupt",
};

function exit(requestId: string, errorType: string, reason: string): Outcome {
  const message = `RequestId: ${requestId} Error: Runtime exited with error: ${reason}`;
  return failure(errorType, message, `${message}\n${errorType}`);
}

function failure(errorType: string, errorMessage: string, platformLine: string | undefined): Outcome {
  return {
    status: "error",
    payload: JSON.stringify({ errorType, errorMessage }),
    errorType,
    ...(platformLine !== undefined && { platformLine }),
  };
}
