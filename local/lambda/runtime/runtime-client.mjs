// The runtime's side of the Runtime API: asks for the next invocation, posts its result.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

import http from "node:http";
import { toErrorResponse } from "./errors.mjs";

/**
 * @param {string} address host and port, as AWS_LAMBDA_RUNTIME_API has it
 * @param {() => number} flushLog ends the log up to here and returns its length
 */
export function createRuntimeClient(address, flushLog) {
  // Taken before the function's code runs, which may replace functions of node:http.
  const { request, Agent } = http;
  const [hostname, port] = address.split(":");
  const agent = new Agent({ keepAlive: true });

  /**
   * @param {"GET" | "POST"} method
   * @param {string} path
   * @param {string} [body]
   * @param {Record<string, string | number>} [headers]
   * @returns {Promise<{ body: string, headers: http.IncomingHttpHeaders }>}
   */
  const call = (method, path, body, headers) =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        { hostname, port, agent, method, path: `/2018-06-01/runtime${path}`, headers },
        (incoming) => {
          /** @type {Buffer[]} */
          const chunks = [];
          incoming.on("data", (chunk) => chunks.push(chunk));
          incoming.on("end", () => resolve({ body: Buffer.concat(chunks).toString(), headers: incoming.headers }));
          incoming.on("error", reject);
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });

  /**
   * The two headers beyond AWS's tell the platform what it cannot see from outside: how much log belongs to this
   * invocation, and the memory in use where there is no /proc.
   * @param {string} path
   * @param {string} body
   * @param {Record<string, string>} [headers]
   */
  const post = (path, body, headers) =>
    call("POST", path, body, {
      ...headers,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "embedded-log-bytes": flushLog(),
      ...(process.platform !== "linux" && { "embedded-resident-bytes": process.memoryUsage.rss() }),
    });

  /**
   * @param {string} path
   * @param {unknown} error
   */
  const postError = (path, error) => {
    const response = toErrorResponse(error);
    return post(path, JSON.stringify(response), {
      "lambda-runtime-function-error-type": response.errorType.replace(/[^\x21-\x7e]/g, "?"),
    });
  };

  return {
    next: () => call("GET", "/invocation/next"),
    /**
     * @param {string} requestId
     * @param {string} body
     */
    respond: (requestId, body) => post(`/invocation/${requestId}/response`, body),
    /**
     * @param {string} requestId
     * @param {unknown} error
     */
    fail: (requestId, error) => postError(`/invocation/${requestId}/error`, error),
    /** @param {unknown} error */
    failInit: (error) => postError("/init/error", error),
  };
}
