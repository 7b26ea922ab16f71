// What the embedded CloudFront knows of a distribution, as the template hands it over.

import type { ApiService } from "../api/operation";

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachePolicyConfig.html; seconds */
export interface CachePolicy {
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
}

/** A header that responses carry; where the origin has sent it too, it is replaced only with `override`. */
export interface PolicyHeader {
  readonly header: string;
  readonly value: string;
  readonly override: boolean;
}

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html */
export interface ResponseHeadersPolicy {
  /** Names, in lower case. */
  readonly removed: readonly string[];
  readonly added: readonly PolicyHeader[];
}

export interface Origin {
  readonly id: string;
  /** Of a bucket of this account. */
  readonly bucket: string;
  /** Put before each path that the origin is asked for. */
  readonly path: string;
  /** How its requests are signed; an origin without one is asked anonymously on AWS, and is not emulated. */
  readonly accessControlId: string;
}

export interface CacheBehavior {
  readonly targetOriginId: string;
  readonly allowedMethods: readonly string[];
  readonly cachePolicyId: string;
  readonly responseHeadersPolicyId: string | undefined;
}

export interface DistributionConfig {
  readonly enabled: boolean;
  readonly comment: string;
  /** Further host names; nothing listens there. */
  readonly aliases: readonly string[];
  readonly origins: readonly Origin[];
  readonly defaultCacheBehavior: CacheBehavior;
  /** In their order: the first whose pattern fits is it. */
  readonly orderedCacheBehaviors: readonly (CacheBehavior & { readonly pathPattern: string })[];
}

export interface Distribution {
  readonly id: string;
  readonly arn: string;
  /** As on AWS; nothing listens there. */
  readonly domainName: string;
  /** Where it listens on this machine, without a slash at the end. */
  readonly url: string;
}

export interface Cloudfront extends ApiService {
  createOriginAccessControl(): { readonly id: string };
  createCachePolicy(policy: CachePolicy): { readonly id: string };
  createResponseHeadersPolicy(policy: ResponseHeadersPolicy): { readonly id: string };
  /** Opens a port of its own, since a distribution has a host of its own. */
  createDistribution(config: DistributionConfig): Promise<Distribution>;
  readonly distributions: readonly Distribution[];
}
