// The embedded CloudFront: distributions in front of buckets, each on a loopback port of its own, over HTTP.

import type { Account } from "../account";
import type { Api } from "../api/operation";
import type { Iam } from "../iam/types";
import { createRestXmlProtocol } from "../protocols/rest-xml";
import { BINDINGS, ELEMENT_NAMES } from "./bindings";
import { deploy } from "./deploy";
import { OPERATIONS } from "./operations";
import type { CloudfrontState } from "./operations/state";
import type { Cloudfront } from "./types";

export interface CloudfrontOptions {
  readonly account: Account;
  readonly iam: Iam;
  /** Of the first distribution, the next has the next; another free one where it is in use, and with 0. */
  readonly port: number;
  /** Told of errors that are bugs; their viewers see a 502. */
  readonly onBug?: (error: unknown) => void;
}

const NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/** Creates a CloudFront without distributions. */
export function createCloudfront(options: CloudfrontOptions): Cloudfront {
  const { account, iam, port, onBug = (error) => console.error(error) } = options;
  const state: CloudfrontState = {
    accountId: account.accountId,
    region: account.region,
    accessControls: new Map(),
    cachePolicies: new Map(),
    headersPolicies: new Map(),
    distributions: new Map(),
    deploy(config, tags) {
      const next = port === 0 ? 0 : port + state.distributions.size;
      return deploy({ account, iam, port: next, onBug }, state, config, tags);
    },
  };
  const api: Api = {
    name: "cloudfront",
    actionPrefix: "cloudfront",
    inputError: "InvalidArgument",
    state,
    operations: OPERATIONS,
  };

  return {
    ...createRestXmlProtocol({ api, iam, bindings: BINDINGS, namespace: NAMESPACE, elementNames: ELEMENT_NAMES }),
    api,
    get distributions() {
      return [...state.distributions.values()];
    },
    async close() {
      await Promise.all([...state.distributions.values()].map((each) => each.close()));
    },
  };
}
