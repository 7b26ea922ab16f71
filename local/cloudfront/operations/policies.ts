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
import { configurationOperations } from "./configurations";
import type { Versioned } from "./state";

const TYPE = "custom";
const LIST_BY = { Type: only(TYPE) };

const hasBehavior = (config: DistributionConfig, isMeant: (behavior: CacheBehavior) => boolean) =>
  [config.DefaultCacheBehavior, ...(config.CacheBehaviors.Items ?? [])].some(isMeant);

const accessControl = ({ id, config }: Versioned<OriginAccessControlConfig>) => ({
  Id: id,
  OriginAccessControlConfig: config,
});
const cachePolicy = ({ id, config, lastModified }: Versioned<CachePolicyConfig>) => ({
  Id: id,
  LastModifiedTime: lastModified,
  CachePolicyConfig: config,
});
const headersPolicy = ({ id, config, lastModified }: Versioned<ResponseHeadersPolicyConfig>) => ({
  Id: id,
  LastModifiedTime: lastModified,
  ResponseHeadersPolicyConfig: config,
});

export const POLICY_OPERATIONS = [
  ...configurationOperations<OriginAccessControlConfig>({
    name: "OriginAccessControl",
    plural: "OriginAccessControls",
    type: "origin-access-control",
    members: ORIGIN_ACCESS_CONTROL_CONFIG,
    all: ({ accessControls }) => accessControls,
    newId: () => newId("E"),
    isUsed: ({ Origins }, id) => Origins.Items.some(({ OriginAccessControlId }) => OriginAccessControlId === id),
    tell: accessControl,
    tellListed: ({ id, config }) => ({ Id: id, Description: "", ...config }),
  }),
  ...configurationOperations<CachePolicyConfig>({
    name: "CachePolicy",
    plural: "CachePolicies",
    type: "cache-policy",
    members: CACHE_POLICY_CONFIG,
    all: ({ cachePolicies }) => cachePolicies,
    newId: randomUUID,
    isUsed: (config, id) => hasBehavior(config, ({ CachePolicyId }) => CachePolicyId === id),
    tell: cachePolicy,
    tellListed: (kept) => ({ Type: TYPE, CachePolicy: cachePolicy(kept) }),
    listBy: LIST_BY,
  }),
  ...configurationOperations<ResponseHeadersPolicyConfig>({
    name: "ResponseHeadersPolicy",
    plural: "ResponseHeadersPolicies",
    type: "response-headers-policy",
    members: RESPONSE_HEADERS_POLICY_CONFIG,
    all: ({ headersPolicies }) => headersPolicies,
    newId: randomUUID,
    isUsed: (config, id) => hasBehavior(config, ({ ResponseHeadersPolicyId }) => ResponseHeadersPolicyId === id),
    tell: headersPolicy,
    tellListed: (kept) => ({ Type: TYPE, ResponseHeadersPolicy: headersPolicy(kept) }),
    listBy: LIST_BY,
  }),
];
