// What CloudFront's operations work on.

import { pageByToken } from "../../api/pages";
import { AwsError } from "../../aws-error";
import type { Invalidations } from "../invalidations";
import type { Distribution, DistributionConfig } from "../types";

/** A distribution with what its API tells and changes. */
export interface Deployed extends Distribution {
  readonly config: DistributionConfig;
  readonly since: Date;
  readonly invalidations: Invalidations;
}

export interface CloudfrontState {
  readonly accountId: string;
  readonly region: string;
  readonly deployed: readonly Deployed[];
}

/** An operation's claim on a distribution, whether or not it is there. */
export const onDistribution = ({ DistributionId }: { DistributionId: string }, { accountId }: CloudfrontState) => [
  { resource: `arn:aws:cloudfront::${accountId}:distribution/${DistributionId}` },
];

export function distributionOf({ deployed }: CloudfrontState, id: string): Deployed {
  const found = deployed.find((each) => each.id === id);
  if (found !== undefined) return found;
  throw new AwsError("NoSuchDistribution", `The specified distribution does not exist: ${id}`, 404);
}

const MOST_ITEMS = 100;

/** One page of a list by markers: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionList.html */
export function pageOf<T>(items: readonly T[], idOf: (item: T) => string, marker = "", maxItems = MOST_ITEMS) {
  if (marker !== "" && !items.some((item) => idOf(item) === marker)) {
    throw new AwsError("InvalidArgument", `The marker is invalid: ${marker}`, 400);
  }
  const limit = Math.min(maxItems, MOST_ITEMS);
  const { items: page, nextToken } = pageByToken(items, idOf, limit, marker || undefined);
  return {
    page,
    frame: {
      Marker: marker,
      NextMarker: nextToken,
      MaxItems: limit,
      IsTruncated: nextToken !== undefined,
      Quantity: page.length,
    },
  };
}
