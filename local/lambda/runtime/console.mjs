// The console of a function: text lines or JSON documents with time, request and level, as the managed runtime writes
// them. Lines travel in the managed runtime's own frames, so that one call stays one log event even over many lines.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/LogPatch.js

import { writeSync } from "node:fs";
import { format } from "node:util";
import { endGroup } from "./end-group.mjs";
import { toLogText } from "./errors.mjs";

const FRAME_TYPE = 0xa55a0003;
const FRAME_HEAD_BYTES = 16;
const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/**
 * Sends the console, stdout and stderr of this process to a file descriptor.
 * @param {number} descriptor
 */
export function patchConsole(descriptor) {
  let requestId = /** @type {string | undefined} */ (undefined);
  let writtenBytes = 0;
  const isJson = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === "JSON";
  const render = isJson ? renderJson : renderText;
  const lowest = Math.max(0, LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase() ?? ""));

  /** @param {string} message */
  function writeFrame(message) {
    const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + Buffer.byteLength(message));
    frame.writeUInt32BE(FRAME_TYPE, 0);
    frame.writeUInt32BE(frame.length - FRAME_HEAD_BYTES, 4);
    frame.writeBigInt64BE(BigInt(Date.now()) * 1000n, 8);
    frame.write(message, FRAME_HEAD_BYTES);
    try {
      for (let written = 0; written < frame.length; ) written += writeSync(descriptor, frame, written);
    } catch (error) {
      // Nobody reads any more. To tell of that would be to log it, and so for ever; and while that goes on, the lifeline's
      // end is not seen.
      if (/** @type {NodeJS.ErrnoException} */ (error).code === "EPIPE") endGroup();
      throw error;
    }
    writtenBytes += frame.length;
  }

  /**
   * @param {string} level
   * @returns {(...parameters: unknown[]) => void}
   */
  const logger = (level) =>
    LEVELS.indexOf(level) < lowest ? () => {} : (...p) => writeFrame(render(level, requestId, p));

  const patched = {
    trace: logger("TRACE"),
    debug: logger("DEBUG"),
    info: logger("INFO"),
    log: logger("INFO"),
    warn: logger("WARN"),
    error: logger("ERROR"),
    fatal: logger("FATAL"),
  };
  Object.assign(console, patched);
  const flushOutput = [replaceOutput("stdout", writeFrame), replaceOutput("stderr", writeFrame)];

  return {
    /** @param {string} id */
    setRequestId(id) {
      requestId = id;
    },
    /**
     * @param {string} title
     * @param {unknown} error
     */
    logError(title, error) {
      if (isJson) patched.error(error instanceof Error ? error : new Error(String(error)));
      else patched.error(title, `\t${toLogText(error)}`);
    },
    /** Ends unfinished lines, and returns how many bytes of log there are up to here. */
    flush() {
      for (const flush of flushOutput) flush();
      return writtenBytes;
    },
  };
}

/**
 * What is written to the process's own streams becomes one event a line, without time and level, as on AWS.
 * @param {"stdout" | "stderr"} name
 * @param {(line: string) => void} writeLine
 */
function replaceOutput(name, writeLine) {
  let rest = "";
  const stream = process[name];
  stream.write = (/** @type {string | Uint8Array} */ chunk, /** @type {unknown[]} */ ...others) => {
    const lines = (rest + (typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) writeLine(line);
    const callback = others.find((other) => typeof other === "function");
    if (typeof callback === "function") process.nextTick(callback);
    return true;
  };
  return () => {
    if (rest !== "") writeLine(rest);
    rest = "";
  };
}

/**
 * @param {string} level
 * @param {string | undefined} requestId
 * @param {unknown[]} parameters
 */
function renderText(level, requestId, parameters) {
  return `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...parameters)}`;
}

/**
 * @param {string} level
 * @param {string | undefined} requestId
 * @param {unknown[]} parameters
 */
function renderJson(level, requestId, parameters) {
  /** @type {Record<string, unknown>} */
  const entry = { timestamp: new Date().toISOString(), level, requestId };
  if (parameters.length === 1) {
    try {
      return JSON.stringify({ ...entry, message: parameters[0] }, (_key, value) =>
        value instanceof Error ? { ...errorFields(value), ...value } : value,
      );
    } catch {
      return JSON.stringify({ ...entry, message: format(parameters[0]) });
    }
  }
  const error = parameters.find((parameter) => parameter instanceof Error);
  return JSON.stringify({ ...entry, message: format(...parameters), ...(error && errorFields(error)) });
}

/** @param {Error} error */
const errorFields = (error) => ({
  errorType: error.constructor?.name ?? "UnknownError",
  errorMessage: error.message,
  stackTrace: error.stack?.split("\n") ?? [],
});
