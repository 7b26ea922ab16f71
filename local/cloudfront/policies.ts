// What distributions refer to, each by its id: who signs for the origin, how long to keep, which headers to send.

import { boolean, type InputOf, list, number, oneOf, only, required, string, structure } from "../api/shapes";
import { NO_ITEMS } from "./lists";

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html */
export const ORIGIN_ACCESS_CONTROL_CONFIG = {
  Name: required(string),
  Description: string,
  SigningProtocol: required(only("sigv4")),
  SigningBehavior: required(only("always")),
  OriginAccessControlOriginType: required(only("s3")),
};

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachePolicyConfig.html; seconds */
export const CACHE_POLICY_CONFIG = {
  Name: required(string),
  Comment: string,
  MinTTL: required(number),
  DefaultTTL: number,
  MaxTTL: number,
  ParametersInCacheKeyAndForwardedToOrigin: structure({
    EnableAcceptEncodingGzip: required(only(false)),
    EnableAcceptEncodingBrotli: only(false),
    HeadersConfig: required(structure({ HeaderBehavior: required(only("none")), Headers: NO_ITEMS })),
    CookiesConfig: required(structure({ CookieBehavior: required(only("none")), Cookies: NO_ITEMS })),
    QueryStringsConfig: required(structure({ QueryStringBehavior: required(only("none")), QueryStrings: NO_ITEMS })),
  }),
};

const OVERRIDE = { Override: required(boolean) };

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html */
export const RESPONSE_HEADERS_POLICY_CONFIG = {
  Name: required(string),
  Comment: string,
  SecurityHeadersConfig: structure({
    ContentSecurityPolicy: structure({ ...OVERRIDE, ContentSecurityPolicy: required(string) }),
    ContentTypeOptions: structure(OVERRIDE),
    FrameOptions: structure({ ...OVERRIDE, FrameOption: required(oneOf("DENY", "SAMEORIGIN")) }),
    ReferrerPolicy: structure({ ...OVERRIDE, ReferrerPolicy: required(string) }),
    StrictTransportSecurity: structure({
      ...OVERRIDE,
      AccessControlMaxAgeSec: required(number),
      IncludeSubdomains: boolean,
      Preload: boolean,
    }),
  }),
  CustomHeadersConfig: structure({
    Quantity: required(number),
    Items: list(structure({ ...OVERRIDE, Header: required(string), Value: required(string) })),
  }),
  RemoveHeadersConfig: structure({
    Quantity: required(number),
    Items: list(structure({ Header: required(string) })),
  }),
  ServerTimingHeadersConfig: structure({ Enabled: required(only(false)), SamplingRate: number }),
};

export type OriginAccessControlConfig = InputOf<typeof ORIGIN_ACCESS_CONTROL_CONFIG>;
export type CachePolicyConfig = InputOf<typeof CACHE_POLICY_CONFIG>;
export type ResponseHeadersPolicyConfig = InputOf<typeof RESPONSE_HEADERS_POLICY_CONFIG>;
