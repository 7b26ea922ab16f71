// Thumbnails over CloudFront, and thumbnails alone. No other part of the bucket can be asked for: what is not under
// /thumbnails/ goes to an origin whose path has nothing in it, and the bucket's policy lets the distribution read no more
// than thumbnails either.

import { CloudfrontCachePolicy } from "@cdktf/provider-aws/lib/cloudfront-cache-policy";
import {
  CloudfrontDistribution,
  type CloudfrontDistributionViewerCertificate,
} from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { Construct } from "constructs";
import { THUMBNAIL_PREFIX } from "../functions/lib/keys";
import { DELIVERY_HEADERS } from "./delivery-headers";
import type { CloudfrontSettings } from "./settings";

/**
 * Seconds that CloudFront keeps a thumbnail at most, whatever browsers may: a day after its user has deleted it, it is
 * gone there too.
 */
const LONGEST_AT_THE_EDGE = 86_400;

const METHODS = ["GET", "HEAD"];

const THUMBNAILS = "thumbnails";
const NOTHING = "nothing";
/** Of the origin for everything else. Nothing lies there, and nothing that does could be read. */
const NOTHING_PATH = "/nothing";

/** CloudFront's own certificate comes with every version of TLS from 1.0 on, and this cannot be changed. */
const CLOUDFRONTS_CERTIFICATE: CloudfrontDistributionViewerCertificate = {
  cloudfrontDefaultCertificate: true,
  minimumProtocolVersion: "TLSv1",
};

export interface DeliveryProps extends CloudfrontSettings {
  readonly nameSuffix: string;
  /** `<bucket>.s3.<region>.amazonaws.com` */
  readonly bucketDomainName: string;
}

export class Delivery extends Construct {
  readonly distributionArn: string;
  /** Before a thumbnail's key, with a slash between. */
  readonly baseUrl: string;

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const { nameSuffix, bucketDomainName: domainName, priceClass, domain, certificateArn } = props;
    const name = `profile-image-thumbnails${nameSuffix}`;
    const { id: originAccessControlId } = new CloudfrontOriginAccessControl(this, "origin_access_control", {
      name,
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const cachePolicy = new CloudfrontCachePolicy(this, "cache_policy", {
      name,
      // What has no Cache-Control, as thumbnails of earlier releases, is asked for each time.
      minTtl: 0,
      defaultTtl: 0,
      maxTtl: LONGEST_AT_THE_EDGE,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
      },
    });
    const headers = new CloudfrontResponseHeadersPolicy(this, "headers", { name, ...DELIVERY_HEADERS });
    const behaviour = {
      allowedMethods: METHODS,
      cachedMethods: METHODS,
      cachePolicyId: cachePolicy.id,
      responseHeadersPolicyId: headers.id,
      viewerProtocolPolicy: "https-only",
      // Pictures are compressed already.
      compress: false,
    };
    const distribution = new CloudfrontDistribution(this, "distribution", {
      comment: name,
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      priceClass,
      aliases: domain === undefined ? undefined : [domain],
      origin: [
        { originId: THUMBNAILS, domainName, originAccessControlId },
        { originId: NOTHING, domainName, originAccessControlId, originPath: NOTHING_PATH },
      ],
      orderedCacheBehavior: [{ ...behaviour, pathPattern: `/${THUMBNAIL_PREFIX}*`, targetOriginId: THUMBNAILS }],
      defaultCacheBehavior: { ...behaviour, targetOriginId: NOTHING },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate:
        certificateArn === undefined
          ? CLOUDFRONTS_CERTIFICATE
          : { acmCertificateArn: certificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" },
    });
    this.distributionArn = distribution.arn;
    this.baseUrl = `https://${domain ?? distribution.domainName}`;
  }
}
