// Invalidations: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html

import { operation } from "../../api/operation";
import { count, list, number, required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { arnOf, type CloudfrontState, distributionOf, pageOf } from "./state";

const OF_DISTRIBUTION = { DistributionId: required(string) };
const onDistribution = ({ DistributionId }: { DistributionId: string }, state: CloudfrontState) => [
  { resource: arnOf(state, "distribution", DistributionId) },
];

export const createInvalidation = operation({
  name: "CreateInvalidation",
  input: {
    ...OF_DISTRIBUTION,
    InvalidationBatch: required(
      structure({
        Paths: required(structure({ Quantity: required(number), Items: list(string) })),
        CallerReference: required(string),
      }),
    ),
  },
  resources: onDistribution,
  run(state: CloudfrontState, { DistributionId, InvalidationBatch }) {
    const invalidation = distributionOf(state, DistributionId).invalidations.create(InvalidationBatch);
    const path = `2020-05-31/distribution/${DistributionId}/invalidation/${invalidation.Id}`;
    return { Location: `https://cloudfront.amazonaws.com/${path}`, Invalidation: invalidation };
  },
});

export const getInvalidation = operation({
  name: "GetInvalidation",
  input: { ...OF_DISTRIBUTION, Id: required(string) },
  resources: onDistribution,
  run(state: CloudfrontState, { DistributionId, Id }) {
    const invalidation = distributionOf(state, DistributionId).invalidations.get(Id);
    if (invalidation !== undefined) return { Invalidation: invalidation };
    throw new AwsError("NoSuchInvalidation", `The specified invalidation does not exist: ${Id}`, 404);
  },
});

export const listInvalidations = operation({
  name: "ListInvalidations",
  input: { ...OF_DISTRIBUTION, Marker: string, MaxItems: count },
  resources: onDistribution,
  run(state: CloudfrontState, { DistributionId, Marker, MaxItems }) {
    const all = distributionOf(state, DistributionId).invalidations.list();
    const { page, frame } = pageOf(all, ({ Id }) => Id, Marker, MaxItems);
    const Items = page.map(({ Id, CreateTime, Status }) => ({ Id, CreateTime, Status }));
    return { InvalidationList: { ...frame, Items } };
  },
});
