// Where the operations of CloudFront's API are in HTTP: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Operations_Amazon_CloudFront.html

import type { RestXmlBinding } from "../protocols/rest-xml";

const VERSION = "/2020-05-31";
const DISTRIBUTIONS = `${VERSION}/distribution`;
const INVALIDATIONS = `${DISTRIBUTIONS}/{DistributionId}/invalidation`;
const TAGGING = `${VERSION}/tagging`;
const PAGE = { Marker: "Marker", MaxItems: "MaxItems" };
const RESOURCE = { Resource: "Resource" };
const IF_MATCH = { IfMatch: "if-match" };
const ETAG = { ETag: "etag" };
const CREATED = { ...ETAG, Location: "location" };

const distribution = (headers: Readonly<Record<string, string>>) => ({ payload: "Distribution", headers });

/** What is created, read, listed, replaced and deleted under one path. */
function configurations(
  name: string,
  plural: string,
  type: string,
  options: { readonly list: Readonly<Record<string, string>>; readonly update: string },
): Readonly<Record<string, RestXmlBinding>> {
  const all = `${VERSION}/${type}`;
  const one = `${all}/{Id}`;
  const payload = `${name}Config`;
  return {
    [`Create${name}`]: {
      method: "POST",
      path: all,
      status: 201,
      payload,
      output: { payload: name, headers: CREATED },
    },
    [`Get${name}`]: { method: "GET", path: one, output: { payload: name, headers: ETAG } },
    [`Get${name}Config`]: { method: "GET", path: `${one}/config`, output: { payload, headers: ETAG } },
    [`List${plural}`]: { method: "GET", path: all, query: options.list, output: { payload: `${name}List` } },
    [`Update${name}`]: {
      method: "PUT",
      path: one + options.update,
      headers: IF_MATCH,
      payload,
      output: { payload: name, headers: ETAG },
    },
    [`Delete${name}`]: { method: "DELETE", path: one, status: 204, headers: IF_MATCH },
  };
}

const POLICY = { list: { ...PAGE, Type: "Type" }, update: "" };

export const BINDINGS: Readonly<Record<string, RestXmlBinding>> = {
  CreateDistribution: {
    method: "POST",
    path: DISTRIBUTIONS,
    status: 201,
    payload: "DistributionConfig",
    output: distribution(CREATED),
  },
  CreateDistributionWithTags: {
    method: "POST",
    path: `${DISTRIBUTIONS}?WithTags`,
    status: 201,
    payload: "DistributionConfigWithTags",
    output: distribution(CREATED),
  },
  GetDistribution: { method: "GET", path: `${DISTRIBUTIONS}/{Id}`, output: distribution(ETAG) },
  GetDistributionConfig: {
    method: "GET",
    path: `${DISTRIBUTIONS}/{Id}/config`,
    output: { payload: "DistributionConfig", headers: ETAG },
  },
  UpdateDistribution: {
    method: "PUT",
    path: `${DISTRIBUTIONS}/{Id}/config`,
    headers: IF_MATCH,
    payload: "DistributionConfig",
    output: distribution(ETAG),
  },
  DeleteDistribution: { method: "DELETE", path: `${DISTRIBUTIONS}/{Id}`, status: 204, headers: IF_MATCH },
  ListDistributions: { method: "GET", path: DISTRIBUTIONS, query: PAGE, output: { payload: "DistributionList" } },
  CreateInvalidation: {
    method: "POST",
    path: INVALIDATIONS,
    status: 201,
    payload: "InvalidationBatch",
    output: { payload: "Invalidation", headers: { Location: "location" } },
  },
  GetInvalidation: { method: "GET", path: `${INVALIDATIONS}/{Id}`, output: { payload: "Invalidation" } },
  ListInvalidations: { method: "GET", path: INVALIDATIONS, query: PAGE, output: { payload: "InvalidationList" } },
  TagResource: { method: "POST", path: `${TAGGING}?Operation=Tag`, status: 204, query: RESOURCE, payload: "Tags" },
  UntagResource: {
    method: "POST",
    path: `${TAGGING}?Operation=Untag`,
    status: 204,
    query: RESOURCE,
    payload: "TagKeys",
  },
  ListTagsForResource: { method: "GET", path: TAGGING, query: RESOURCE, output: { payload: "Tags" } },
  ...configurations("OriginAccessControl", "OriginAccessControls", "origin-access-control", {
    list: PAGE,
    update: "/config",
  }),
  ...configurations("CachePolicy", "CachePolicies", "cache-policy", POLICY),
  ...configurations("ResponseHeadersPolicy", "ResponseHeadersPolicies", "response-headers-policy", POLICY),
};

/** What the elements of `Items` are called, by what they are the items of. */
export const ELEMENT_NAMES = {
  Aliases: "CNAME",
  AllowedMethods: "Method",
  CacheBehaviors: "CacheBehavior",
  CachedMethods: "Method",
  CachePolicyList: "CachePolicySummary",
  CustomHeadersConfig: "ResponseHeadersPolicyCustomHeader",
  DistributionList: "DistributionSummary",
  InvalidationList: "InvalidationSummary",
  OriginAccessControlList: "OriginAccessControlSummary",
  Origins: "Origin",
  Paths: "Path",
  RemoveHeadersConfig: "ResponseHeadersPolicyRemoveHeader",
  ResponseHeadersPolicyList: "ResponseHeadersPolicySummary",
  Tags: "Tag",
};
