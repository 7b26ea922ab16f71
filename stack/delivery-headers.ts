// The headers of what CloudFront delivers: nothing but a picture is shown, and nobody learns from it whose
// picture it is.

import type { CloudfrontResponseHeadersPolicyConfig } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { PHOTO_ETAG, PROFILE_ID, THUMBNAIL_SIZE } from "../functions/lib/metadata";

/** A year, in seconds. */
const HSTS_SECONDS = 31_536_000;

/** Of S3's responses: the metadata holds the profile's id, and the rest is not for viewers. */
const REMOVED = [
  ...[PROFILE_ID, PHOTO_ETAG, THUMBNAIL_SIZE].map((name) => `x-amz-meta-${name}`),
  "x-amz-server-side-encryption",
  "x-amz-tagging-count",
  "x-amz-version-id",
];

export const DELIVERY_HEADERS: Omit<CloudfrontResponseHeadersPolicyConfig, "name"> = {
  securityHeadersConfig: {
    contentTypeOptions: { override: true },
    contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'; sandbox", override: true },
    frameOptions: { frameOption: "DENY", override: true },
    referrerPolicy: { referrerPolicy: "no-referrer", override: true },
    strictTransportSecurity: { accessControlMaxAgeSec: HSTS_SECONDS, override: true },
  },
  // Thumbnails are for pages of other origins, also of those that are isolated (Cross-Origin-Embedder-Policy).
  customHeadersConfig: {
    items: [{ header: "Cross-Origin-Resource-Policy", value: "cross-origin", override: true }],
  },
  removeHeadersConfig: { items: REMOVED.map((header) => ({ header })) },
};
