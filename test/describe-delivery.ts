// What CloudFront's operations tell of an account, without what is each one's own: ids, names of hosts, dates.

import {
  CloudFrontClient,
  GetDistributionCommand,
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  ListOriginAccessControlsCommand,
  ListResponseHeadersPoliciesCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudfront";
import { administrator } from "./list-everything";

/** Ids, versions, and the references that callers make up. */
const OWN = ["Id", "ARN", "ETag", "LastModifiedTime", "DomainName", "CallerReference", "$metadata"];
const IDS = ["OriginAccessControlId", "CachePolicyId", "ResponseHeadersPolicyId"];

export async function describeDelivery(endpoint: string) {
  const client = new CloudFrontClient(administrator(endpoint));
  const [{ DistributionList }, controls, policies, headers] = await Promise.all([
    client.send(new ListDistributionsCommand({})),
    client.send(new ListOriginAccessControlsCommand({})),
    client.send(new ListCachePoliciesCommand({ Type: "custom" })),
    client.send(new ListResponseHeadersPoliciesCommand({ Type: "custom" })),
  ]);
  const distributions = await Promise.all(
    (DistributionList?.Items ?? []).map(async ({ Id, ARN, Origins }) => ({
      ...(await client.send(new GetDistributionCommand({ Id }))),
      origins: Origins?.Items?.map((origin) => [origin.Id, origin.DomainName]),
      tags: (await client.send(new ListTagsForResourceCommand({ Resource: ARN }))).Tags?.Items,
    })),
  );
  client.destroy();
  return comparable({
    distributions,
    accessControls: controls.OriginAccessControlList?.Items ?? [],
    cachePolicies: policies.CachePolicyList?.Items ?? [],
    headersPolicies: headers.ResponseHeadersPolicyList?.Items ?? [],
  });
}

/** Sets and lists in one order; what refers to something by an id refers to something. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = value.map(comparable);
    return items.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !OWN.includes(name));
  return Object.fromEntries(members.map(([name, each]) => [name, IDS.includes(name) ? "…" : comparable(each)]));
}
