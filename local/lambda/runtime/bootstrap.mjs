// The runtime inside a function's process: loads the handler and handles invocations through the Runtime API, as the
// managed Node.js runtime does. Plain JavaScript without a dependency, because each cold start waits for it.
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/index.mjs

import { Socket } from "node:net";
import { patchConsole } from "./console.mjs";
import { endGroup } from "./end-group.mjs";
import { RuntimeError } from "./errors.mjs";
import { loadHandler } from "./loader.mjs";
import { confineNetwork } from "./network.mjs";
import { createRuntimeClient } from "./runtime-client.mjs";

/** The descriptors that the platform opens for a function's process. */
const LOG_DESCRIPTOR = 3;
const LIFELINE_DESCRIPTOR = 4;

const environment = /** @type {Record<string, string>} */ (process.env);
const settings = JSON.parse(process.argv.splice(2).join(" "));

endWithThePlatform();
const log = patchConsole(LOG_DESCRIPTOR);
const client = createRuntimeClient(environment.AWS_LAMBDA_RUNTIME_API ?? "", log.flush);
let currentRequestId = /** @type {string | undefined} */ (undefined);
let onDrained = () => {};

process.on("uncaughtException", (error) => void end("Uncaught Exception", error, 129));
process.on("unhandledRejection", (reason) => {
  const error = new RuntimeError("UnhandledPromiseRejection", String(reason), reason);
  void end("Unhandled Promise Rejection", error, 128);
});
process.on("beforeExit", () => onDrained());

confineNetwork(settings);
const handler = await loadHandler(environment.LAMBDA_TASK_ROOT ?? "", environment._HANDLER ?? "").catch((error) =>
  end("Init Error", error, 129),
);
for (;;) await handleNext();

async function handleNext() {
  const { body, headers } = await client.next();
  const requestId = String(headers["lambda-runtime-aws-request-id"]);
  currentRequestId = requestId;
  log.setRequestId(requestId);
  environment._X_AMZN_TRACE_ID = String(headers["lambda-runtime-trace-id"] ?? "");
  try {
    const result = await untilDrained(async () => handler(JSON.parse(body), createContext(headers)));
    await client.respond(requestId, stringify(result));
  } catch (error) {
    log.logError("Invoke Error", error);
    await client.fail(requestId, error);
  }
}

/**
 * The handler's result; an error when nothing is left that could ever settle it.
 * @param {() => Promise<unknown>} run
 */
function untilDrained(run) {
  const drained = new Promise((_resolve, reject) => {
    onDrained = () =>
      reject(
        new RuntimeError(
          "NodeJsExit",
          "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes",
        ),
      );
  });
  return Promise.race([run(), drained]);
}

/** @param {unknown} result */
function stringify(result) {
  try {
    return JSON.stringify(result === undefined ? null : result);
  } catch {
    throw new Error("Unable to stringify response body");
  }
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 * @param {import("node:http").IncomingHttpHeaders} headers
 */
function createContext(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parseHeader(headers["lambda-runtime-client-context"]),
    identity: parseHeader(headers["lambda-runtime-cognito-identity"]),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** @param {string | string[] | undefined} value */
function parseHeader(value) {
  return value === undefined ? undefined : JSON.parse(String(value));
}

/**
 * Reports an error that nobody caught and exits, as the managed runtime does.
 * @param {string} title
 * @param {unknown} error
 * @param {number} exitCode
 * @returns {Promise<never>}
 */
async function end(title, error, exitCode) {
  log.logError(title, error);
  await (currentRequestId === undefined ? client.failInit(error) : client.fail(currentRequestId, error));
  process.exit(exitCode);
}

/** The platform holds the other end; when it closes, even by a kill, every process of the function must end. */
function endWithThePlatform() {
  const lifeline = new Socket({ fd: LIFELINE_DESCRIPTOR, readable: true, writable: false });
  lifeline.on("close", endGroup);
  lifeline.on("error", () => {});
  lifeline.resume();
  lifeline.unref();
}
