// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListDistributions.html

import { operation } from "../../api/operation";
import { count, string } from "../../api/shapes";
import { type CloudfrontState, type Deployed, pageOf } from "./state";

export const listDistributions = operation({
  name: "ListDistributions",
  input: { Marker: string, MaxItems: count },
  // The action knows no resource: who may list, lists all.
  resources: () => [{ resource: "*" }],
  run({ deployed, region }: CloudfrontState, { Marker, MaxItems }) {
    const { page, frame } = pageOf(deployed, ({ id }) => id, Marker, MaxItems);
    return { DistributionList: { ...frame, Items: page.map((each) => summaryOf(each, region)) } };
  },
});

/** As far as the embedded AWS plays a distribution; cache behaviors and certificates are not told. */
function summaryOf({ id, arn, domainName, since, config }: Deployed, region: string) {
  const { enabled, comment, aliases, origins } = config;
  return {
    Id: id,
    ARN: arn,
    Status: "Deployed",
    LastModifiedTime: since,
    DomainName: domainName,
    Aliases: { Quantity: aliases.length, Items: aliases },
    Origins: {
      Quantity: origins.length,
      Items: origins.map((origin) => ({
        Id: origin.id,
        DomainName: `${origin.bucket}.s3.${region}.amazonaws.com`,
        OriginPath: origin.path,
        S3OriginConfig: { OriginAccessIdentity: "" },
        OriginAccessControlId: origin.accessControlId,
      })),
    },
    Comment: comment,
    Enabled: enabled,
  };
}
