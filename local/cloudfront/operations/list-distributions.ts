// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListDistributions.html

import { operation } from "../../api/operation";
import { count, string } from "../../api/shapes";
import { type CloudfrontState, type Deployed, pageOf } from "./state";

export const listDistributions = operation({
  name: "ListDistributions",
  input: { Marker: string, MaxItems: count },
  // The action knows no resource: who may list, lists all.
  resources: () => [{ resource: "*" }],
  run({ distributions }: CloudfrontState, { Marker, MaxItems }) {
    const { page, frame } = pageOf([...distributions.values()], ({ id }) => id, Marker, MaxItems);
    return { DistributionList: { ...frame, Items: page.map(summaryOf) } };
  },
});

/** Its configuration without what a list leaves out. */
function summaryOf({ id, arn, domainName, lastModified, status, etag, config }: Deployed) {
  const { CallerReference, DefaultRootObject, Logging, ContinuousDeploymentPolicyId, ...listed } = config;
  return {
    Id: id,
    ETag: etag,
    ARN: arn,
    Status: status,
    LastModifiedTime: lastModified,
    DomainName: domainName,
    ...listed,
  };
}
