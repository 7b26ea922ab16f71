// The embedded CloudFront: distributions in front of buckets, each on a loopback port of its own, over HTTP.

import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Account } from "../account";
import type { Api } from "../api/operation";
import { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import { createRestXmlProtocol } from "../protocols/rest-xml";
import { normalize } from "./cache-behavior";
import { createEdgeCache } from "./edge-cache";
import { newId } from "./ids";
import { createInvalidations } from "./invalidations";
import { BINDINGS, ELEMENT_NAMES, OPERATIONS } from "./operations";
import type { CloudfrontState, Deployed } from "./operations/state";
import { createOriginClient } from "./origin";
import type { CachePolicy, Cloudfront, DistributionConfig, ResponseHeadersPolicy } from "./types";
import { createViewerRequests, pathOfCacheKey } from "./viewer-requests";

export interface CloudfrontOptions {
  readonly account: Account;
  readonly iam: Iam;
  /** Of the first distribution, the next has the next; another free one where it is in use, and with 0. */
  readonly port: number;
  /** Told of errors that are bugs; their viewers see a 502. */
  readonly onBug?: (error: unknown) => void;
}

const HOST = "127.0.0.1";
const NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";
const PRINCIPAL = "cloudfront.amazonaws.com";

/** Creates a CloudFront without distributions. */
export function createCloudfront(options: CloudfrontOptions): Cloudfront {
  const { account, iam, port, onBug = (error) => console.error(error) } = options;
  const controls = new Set<string>();
  const cachePolicies = new Map<string, CachePolicy>();
  const headersPolicies = new Map<string, ResponseHeadersPolicy>();
  const deployed: Deployed[] = [];
  const closing: (() => Promise<void>)[] = [];

  function keep<T>(where: Map<string, T>, value: T): { id: string } {
    const id = randomUUID();
    where.set(id, value);
    return { id };
  }

  function checkReferences({ defaultCacheBehavior, orderedCacheBehaviors, origins }: DistributionConfig): void {
    for (const behavior of [defaultCacheBehavior, ...orderedCacheBehaviors]) {
      const { targetOriginId, cachePolicyId, responseHeadersPolicyId: headersId } = behavior;
      if (!origins.some(({ id }) => id === targetOriginId)) {
        const message = `The specified origin does not exist: ${targetOriginId}`;
        throw new AwsError("NoSuchOrigin", message, 404);
      }
      if (!cachePolicies.has(cachePolicyId)) {
        throw new AwsError("NoSuchCachePolicy", `The cache policy does not exist: ${cachePolicyId}`, 404);
      }
      if (headersId !== undefined && !headersPolicies.has(headersId)) {
        throw new AwsError(
          "NoSuchResponseHeadersPolicy",
          `The response headers policy does not exist: ${headersId}`,
          404,
        );
      }
    }
    if (!origins.every(({ accessControlId }) => controls.has(accessControlId))) {
      throw new AwsError("NoSuchOriginAccessControl", "The origin access control does not exist", 404);
    }
  }

  const api: Api = {
    name: "cloudfront",
    actionPrefix: "cloudfront",
    inputError: "InvalidArgument",
    state: { accountId: account.accountId, region: account.region, deployed } satisfies CloudfrontState,
    operations: OPERATIONS,
  };

  return {
    ...createRestXmlProtocol({ api, iam, bindings: BINDINGS, namespace: NAMESPACE, elementNames: ELEMENT_NAMES }),
    api,
    distributions: deployed,
    createOriginAccessControl() {
      const id = newId("E");
      controls.add(id);
      return { id };
    },
    createCachePolicy: (policy) => keep(cachePolicies, policy),
    createResponseHeadersPolicy: (policy) => keep(headersPolicies, policy),

    async createDistribution(config) {
      checkReferences(config);
      const id = newId("E");
      const arn = `arn:aws:cloudfront::${account.accountId}:distribution/${id}`;
      const origin = createOriginClient(account, iam.actAsService({ service: PRINCIPAL, sourceArn: arn }));
      const { ask } = origin;
      const cache = createEdgeCache();
      const handle = createViewerRequests({ config, cachePolicies, headersPolicies, cache, ask });
      const server = createServer((request, response) => {
        handle(request, response).catch((error) => {
          onBug(error);
          if (!response.headersSent) response.writeHead(502);
          response.end();
        });
      });
      closing.push(async () => {
        origin.close();
        await close(server);
      });
      const url = `http://${HOST}:${await listen(server, port === 0 ? 0 : port + deployed.length)}`;
      const domainName = `${newId("d").toLowerCase()}.cloudfront.net`;
      const invalidations = createInvalidations((fits) => cache.drop((key) => fits(normalize(pathOfCacheKey(key)))));
      const distribution = { id, arn, domainName, url, config, since: new Date(), invalidations };
      deployed.push(distribution);
      return distribution;
    },

    async close() {
      await Promise.all(closing.splice(0).map((each) => each()));
    },
  };
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
