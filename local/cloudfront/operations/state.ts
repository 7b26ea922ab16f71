// What CloudFront's operations work on.

import { pageByToken } from "../../api/pages";
import { AwsError } from "../../aws-error";
import type { DistributionConfig } from "../distribution-config";
import { newId } from "../ids";
import type { Invalidations } from "../invalidations";
import type { CachePolicyConfig, OriginAccessControlConfig, ResponseHeadersPolicyConfig } from "../policies";
import type { Distribution } from "../types";

/** A thing with a configuration that is replaced as a whole, by who knows its latest version. */
export interface Versioned<Config> {
  readonly id: string;
  config: Config;
  etag: string;
  lastModified: Date;
}

/** A distribution with what its API tells and changes. */
export interface Deployed extends Versioned<DistributionConfig>, Distribution {
  status: "InProgress" | "Deployed";
  readonly tags: Map<string, string>;
  readonly invalidations: Invalidations;
  close(): Promise<void>;
}

export interface CloudfrontState {
  readonly accountId: string;
  readonly region: string;
  readonly accessControls: Map<string, Versioned<OriginAccessControlConfig>>;
  readonly cachePolicies: Map<string, Versioned<CachePolicyConfig>>;
  readonly headersPolicies: Map<string, Versioned<ResponseHeadersPolicyConfig>>;
  readonly distributions: Map<string, Deployed>;
  /** Opens a port of its own for a distribution, since it has a host of its own. */
  deploy(config: DistributionConfig, tags: Map<string, string>): Promise<Deployed>;
}

/** A new version of a configuration. */
export const newVersion = <Config>(config: Config) => ({ config, etag: newId("E"), lastModified: new Date() });

/** @throws AwsError unless the version given in If-Match is the latest */
export function checkVersion({ id, etag }: Versioned<unknown>, ifMatch: string | undefined): void {
  if (ifMatch === undefined) {
    const message = `The If-Match version is missing or not valid for the resource ${id}`;
    throw new AwsError("InvalidIfMatchVersion", message, 400);
  }
  if (ifMatch === etag) return;
  const message = `The latest version of ${id} is another than that of If-Match (given "${ifMatch}")`;
  throw new AwsError("PreconditionFailed", message, 412);
}

export const arnOf = ({ accountId }: CloudfrontState, type: string, id: string): string =>
  `arn:aws:cloudfront::${accountId}:${type}/${id}`;

export function distributionOf({ distributions }: CloudfrontState, id: string): Deployed {
  const found = distributions.get(id);
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
