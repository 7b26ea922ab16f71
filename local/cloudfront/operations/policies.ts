// Origin access controls, cache policies and response headers policies. AWS's managed policies are not there.

import { randomUUID } from "node:crypto";
import { only } from "../../api/shapes";
import type { CacheBehavior, DistributionConfig } from "../distribution-config";
import { newId } from "../ids";
import {
  CACHE_POLICY_CONFIG,
  type CachePolicyConfig,
  ORIGIN_ACCESS_CONTROL_CONFIG,
  type OriginAccessControlConfig,
  RESPONSE_HEADERS_POLICY_CONFIG,
  type ResponseHeadersPolicyConfig,
} from "../policies";
import { configurationOperations, type Kind } from "./configurations";
import type { Versioned } from "./state";

const TYPE = "custom";

const hasBehavior = (config: DistributionConfig, isMeant: (behavior: CacheBehavior) => boolean) =>
  [config.DefaultCacheBehavior, ...(config.CacheBehaviors.Items ?? [])].some(isMeant);

/** The operations on what cache behaviors refer to. */
const policyOperations = <Config extends { readonly Name: string }>(
  kind: Pick<Kind<Config>, "name" | "plural" | "type" | "members" | "all"> & {
    readonly name: "CachePolicy" | "ResponseHeadersPolicy";
  },
) => {
  const tell = ({ id, config, lastModified }: Versioned<Config>) => ({
    Id: id,
    LastModifiedTime: lastModified,
    [`${kind.name}Config`]: config,
  });
  return configurationOperations<Config>({
    ...kind,
    newId: randomUUID,
    isUsed: (config, id) => hasBehavior(config, (behavior) => behavior[`${kind.name}Id`] === id),
    tell,
    tellListed: (kept) => ({ Type: TYPE, [kind.name]: tell(kept) }),
    listBy: { Type: only(TYPE) },
  });
};

export const POLICY_OPERATIONS = [
  ...configurationOperations<OriginAccessControlConfig>({
    name: "OriginAccessControl",
    plural: "OriginAccessControls",
    type: "origin-access-control",
    members: ORIGIN_ACCESS_CONTROL_CONFIG,
    all: ({ accessControls }) => accessControls,
    newId: () => newId("E"),
    isUsed: ({ Origins }, id) => Origins.Items.some(({ OriginAccessControlId }) => OriginAccessControlId === id),
    tell: ({ id, config }) => ({ Id: id, OriginAccessControlConfig: config }),
    tellListed: ({ id, config }) => ({ Id: id, Description: "", ...config }),
  }),
  ...policyOperations<CachePolicyConfig>({
    name: "CachePolicy",
    plural: "CachePolicies",
    type: "cache-policy",
    members: CACHE_POLICY_CONFIG,
    all: ({ cachePolicies }) => cachePolicies,
  }),
  ...policyOperations<ResponseHeadersPolicyConfig>({
    name: "ResponseHeadersPolicy",
    plural: "ResponseHeadersPolicies",
    type: "response-headers-policy",
    members: RESPONSE_HEADERS_POLICY_CONFIG,
    all: ({ headersPolicies }) => headersPolicies,
  }),
];
