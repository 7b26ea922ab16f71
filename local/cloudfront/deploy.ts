// Puts a distribution where viewers can ask for it: a loopback port of its own.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Account } from "../account";
import type { Iam } from "../iam/types";
import { normalize } from "./cache-behavior";
import type { DistributionConfig } from "./distribution-config";
import { createEdgeCache } from "./edge-cache";
import { newId } from "./ids";
import { createInvalidations } from "./invalidations";
import { arnOf, type CloudfrontState, type Deployed, newVersion } from "./operations/state";
import { createOriginClient } from "./origin";
import { createViewerRequests, pathOfCacheKey } from "./viewer-requests";

const HOST = "127.0.0.1";
const PRINCIPAL = "cloudfront.amazonaws.com";

export interface DeployOptions {
  readonly account: Account;
  readonly iam: Iam;
  /** Another free one where it is in use, and with 0. */
  readonly port: number;
  readonly onBug: (error: unknown) => void;
}

/** Starts a distribution; what it refers to is looked up at each request. */
export async function deploy(
  { account, iam, port, onBug }: DeployOptions,
  state: CloudfrontState,
  config: DistributionConfig,
  tags: Map<string, string>,
): Promise<Deployed> {
  const id = newId("E");
  const arn = arnOf(state, "distribution", id);
  const origin = createOriginClient(account, iam.actAsService({ service: PRINCIPAL, sourceArn: arn }));
  const cache = createEdgeCache();
  const handle = createViewerRequests({
    config: () => deployed.config,
    cachePolicy: (policyId) => state.cachePolicies.get(policyId)?.config,
    headersPolicy: (policyId) => state.headersPolicies.get(policyId)?.config,
    region: account.region,
    cache,
    ask: origin.ask,
  });
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      onBug(error);
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
  });
  const deployed: Deployed = {
    id,
    arn,
    domainName: `${newId("d").toLowerCase()}.cloudfront.net`,
    url: `http://${HOST}:${await listen(server, port)}`,
    status: "InProgress",
    tags,
    invalidations: createInvalidations((fits) => cache.drop((key) => fits(normalize(pathOfCacheKey(key))))),
    ...newVersion(config),
    async close() {
      origin.close();
      await close(server);
    },
  };
  return deployed;
}

/** @returns the port */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (port === 0 || error.code !== "EADDRINUSE") reject(error);
      else listen(server, 0).then(resolve, reject);
    });
    server.listen({ port, host: HOST }, () => resolve((server.address() as AddressInfo).port));
  });
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
