// What CloudFront's operations work on.

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
  const start = marker === "" ? 0 : items.findIndex((item) => idOf(item) === marker) + 1;
  if (marker !== "" && start === 0) throw new AwsError("InvalidArgument", `The marker is invalid: ${marker}`, 400);
  const page = items.slice(start, start + Math.min(maxItems, MOST_ITEMS));
  const last = page.at(-1);
  const isMore = last !== undefined && start + page.length < items.length;
  return {
    page,
    frame: {
      Marker: marker,
      ...(isMore && { NextMarker: idOf(last) }),
      MaxItems: Math.min(maxItems, MOST_ITEMS),
      IsTruncated: isMore,
      Quantity: page.length,
    },
  };
}
