// The edge: the one HTTP server of the embedded AWS, on loopback only, before all its services.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Account } from "../account";
import type { ActivityStream } from "../activity";
import { createFaults, type FaultDecisions } from "../faults";
import type { Iam } from "../iam/types";
import type { Service } from "../service";
import { createAuthenticator } from "./authenticate";
import { createServe } from "./serve";
import { refuseBytes } from "./unrouted";

export interface EdgeOptions {
  readonly account: Account;
  readonly activity: ActivityStream;
  readonly iam: Iam;
  /** By name: s3, dynamodb, streams, lambda, logs, ssm, events, tinify. */
  readonly services: Readonly<Record<string, Service>>;
  /** What goes wrong on purpose; default: nothing. */
  readonly faults?: Pick<FaultDecisions, "ofRequest" | "kills">;
  /** Called with errors that are bugs; their clients see an InternalError. */
  readonly onBug?: (error: unknown) => void;
  /** Milliseconds since 1970, for the age of signatures. */
  readonly clock?: () => number;
}

export interface Edge {
  /** Listens on 127.0.0.1, sets the account's endpoint and resolves with the port; 0 takes a free one. */
  listen(port: number): Promise<number>;
  /** Breaks all connections and resolves when they are closed. The services stay as they are. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** Longer than clients keep idle connections: who reuses one never finds it closed. */
const KEEP_ALIVE_MS = 120_000;
/** S3 takes 8 KB of headers; a presigned URL with a long key and a session token needs more beside them. */
const MAX_HEAD_BYTES = 32 * 1024;

/** Creates the edge of one embedded AWS. */
export function createEdge(options: EdgeOptions): Edge {
  const { account, iam, activity, services, clock = Date.now, onBug = (error) => console.error(error) } = options;
  const faults = options.faults ?? createFaults();
  const authenticate = createAuthenticator({ account, iam, clock });
  const serve = createServe({ activity, services, authenticate, faults, onBug });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEAD_BYTES });
  server.on("request", (request, response) => void serve(request, response, false));
  // Without this listener Node would ask for the body before anyone has looked at the head.
  server.on("checkContinue", (request, response) => void serve(request, response, true));
  // AWS takes any other expectation for none: https://github.com/ceph/s3-tests, test_object_create_bad_expect_mismatch
  server.on("checkExpectation", (request, response) => void serve(request, response, false));
  server.on("clientError", refuseBytes);

  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        const fail = (error: NodeJS.ErrnoException) => reject(listenError(error, port));
        server.once("error", fail);
        try {
          server.listen({ port, host: HOST }, () => {
            server.off("error", fail);
            const address = server.address() as AddressInfo;
            account.endpoint = `http://${HOST}:${address.port}`;
            resolve(address.port);
          });
        } catch (error) {
          server.off("error", fail);
          fail(error as NodeJS.ErrnoException);
        }
      }),

    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} of ${HOST} is already in use`,
    EACCES: `Port ${port} of ${HOST} may not be used by this user`,
    ERR_SOCKET_BAD_PORT: `Port ${port} does not exist: it must be a number from 0 to 65535`,
  };
  return new Error(reasons[error.code ?? ""] ?? `Cannot listen on port ${port} of ${HOST}: ${error.message}`, {
    cause: error,
  });
}
