// The configuration of a distribution, in the words of CloudFront's API, as far as it is emulated: what is not is taken
// with the values that change nothing. https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html

import { boolean, type InputOf, list, none, number, oneOf, only, required, string, structure } from "../api/shapes";
import { AwsError } from "../aws-error";
import { listOf, NO_ITEMS } from "./lists";

const NOBODY = structure({ Enabled: required(only(false)), Quantity: required(only(0)), Items: none });
const METHOD = oneOf("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE");

const BEHAVIOR = {
  TargetOriginId: required(string),
  // Over HTTP alone here; on AWS over HTTPS alone.
  ViewerProtocolPolicy: required(only("https-only")),
  AllowedMethods: structure({
    Quantity: required(number),
    Items: required(list(METHOD)),
    CachedMethods: structure({ Quantity: required(number), Items: required(list(METHOD)) }),
  }),
  // Without one it would be the settings of old: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ForwardedValues.html
  CachePolicyId: required(string),
  ResponseHeadersPolicyId: string,
  OriginRequestPolicyId: only(""),
  TrustedSigners: NOBODY,
  TrustedKeyGroups: NOBODY,
  SmoothStreaming: only(false),
  Compress: only(false),
  LambdaFunctionAssociations: NO_ITEMS,
  FunctionAssociations: NO_ITEMS,
  FieldLevelEncryptionId: only(""),
  RealtimeLogConfigArn: only(""),
  GrpcConfig: structure({ Enabled: required(only(false)) }),
};

const ORIGIN = structure({
  Id: required(string),
  /** Of a bucket of this account. */
  DomainName: required(string),
  /** Put before each path that the origin is asked for. */
  OriginPath: string,
  // An origin without one is asked anonymously on AWS.
  OriginAccessControlId: required(string),
  S3OriginConfig: structure({ OriginAccessIdentity: required(only("")), OriginReadTimeout: number }),
  CustomHeaders: NO_ITEMS,
  ConnectionAttempts: number,
  ConnectionTimeout: number,
  ResponseCompletionTimeout: number,
  OriginShield: structure({ Enabled: required(only(false)) }),
});

/** The members of a distribution's configuration. */
export const DISTRIBUTION_CONFIG = {
  CallerReference: required(string),
  Comment: required(string),
  Enabled: required(boolean),
  Origins: required(structure({ Quantity: required(number), Items: required(list(ORIGIN)) })),
  DefaultCacheBehavior: required(structure(BEHAVIOR)),
  CacheBehaviors: listOf(structure({ PathPattern: required(string), ...BEHAVIOR })),
  /** Further host names; nothing listens there. */
  Aliases: listOf(string),
  // Of TLS, of DNS, and of where in the world the edge is: nothing of it is on this machine.
  PriceClass: oneOf("PriceClass_100", "PriceClass_200", "PriceClass_All"),
  HttpVersion: oneOf("http1.1", "http2", "http3", "http2and3"),
  IsIPV6Enabled: boolean,
  ViewerCertificate: structure({
    CloudFrontDefaultCertificate: boolean,
    ACMCertificateArn: string,
    SSLSupportMethod: oneOf("sni-only", "vip", "static-ip"),
    MinimumProtocolVersion: string,
    Certificate: string,
    CertificateSource: oneOf("cloudfront", "acm"),
  }),
  Restrictions: structure({
    GeoRestriction: required(
      structure({ RestrictionType: required(only("none")), Quantity: required(only(0)), Items: none }),
    ),
  }),
  DefaultRootObject: only(""),
  OriginGroups: NO_ITEMS,
  CustomErrorResponses: NO_ITEMS,
  Logging: structure({
    Enabled: only(false),
    IncludeCookies: only(false),
    Bucket: only(""),
    Prefix: only(""),
  }),
  WebACLId: only(""),
  ContinuousDeploymentPolicyId: only(""),
  Staging: only(false),
};

type Given = InputOf<typeof DISTRIBUTION_CONFIG>;
export type DistributionConfig = ReturnType<typeof withDefaults>;
export type CacheBehavior = DistributionConfig["DefaultCacheBehavior"];
export type Origin = DistributionConfig["Origins"]["Items"][number];

const NO_ONE = { Enabled: false, Quantity: 0 };
const NOTHING = { Quantity: 0 };
const READ_ONLY = { Quantity: 2, Items: ["HEAD", "GET"] as const };

/** A configuration as CloudFront tells it: with a value for what was not given. */
export function withDefaults(given: Given) {
  return {
    Aliases: NOTHING as NonNullable<Given["Aliases"]>,
    DefaultRootObject: "",
    OriginGroups: NOTHING,
    CustomErrorResponses: NOTHING,
    Logging: { Enabled: false, IncludeCookies: false, Bucket: "", Prefix: "" },
    PriceClass: "PriceClass_All",
    Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: 0 } },
    WebACLId: "",
    HttpVersion: "http2",
    IsIPV6Enabled: false,
    ContinuousDeploymentPolicyId: "",
    Staging: false,
    ...given,
    Origins: { ...given.Origins, Items: given.Origins.Items.map(originWithDefaults) },
    DefaultCacheBehavior: behaviorWithDefaults(given.DefaultCacheBehavior),
    CacheBehaviors: {
      ...NOTHING,
      ...given.CacheBehaviors,
      Items: given.CacheBehaviors?.Items?.map(behaviorWithDefaults),
    },
    ViewerCertificate: certificateWithDefaults(given.ViewerCertificate),
  };
}

/** What says that there is no policy is not told again. */
const behaviorWithDefaults = <T extends Given["DefaultCacheBehavior"]>({
  OriginRequestPolicyId: _none,
  ...given
}: T) => ({
  TrustedSigners: NO_ONE,
  TrustedKeyGroups: NO_ONE,
  SmoothStreaming: false,
  Compress: false,
  LambdaFunctionAssociations: NOTHING,
  FunctionAssociations: NOTHING,
  FieldLevelEncryptionId: "",
  GrpcConfig: { Enabled: false },
  ...given,
  AllowedMethods: { CachedMethods: READ_ONLY, ...(given.AllowedMethods ?? READ_ONLY) },
});

const originWithDefaults = (given: Given["Origins"]["Items"][number]) => ({
  OriginPath: "",
  CustomHeaders: NOTHING,
  S3OriginConfig: { OriginAccessIdentity: "" },
  ConnectionAttempts: 3,
  ConnectionTimeout: 10,
  OriginShield: { Enabled: false },
  ...given,
});

/** CloudFront's own certificate comes with every version of TLS from 1.0 on. */
function certificateWithDefaults(given: Given["ViewerCertificate"]) {
  const Certificate = given?.ACMCertificateArn;
  if (Certificate === undefined) {
    return {
      CloudFrontDefaultCertificate: true,
      SSLSupportMethod: "vip",
      MinimumProtocolVersion: "TLSv1",
      CertificateSource: "cloudfront",
    };
  }
  return {
    MinimumProtocolVersion: "TLSv1",
    ...given,
    CloudFrontDefaultCertificate: false,
    Certificate,
    CertificateSource: "acm",
  };
}

/**
 * The bucket of an origin.
 * @throws AwsError for another domain than a bucket's
 */
export function bucketOf({ DomainName }: { readonly DomainName: string }, region: string): string {
  const end = `.s3.${region}.amazonaws.com`;
  if (DomainName.endsWith(end)) return DomainName.slice(0, -end.length);
  throw new AwsError("InvalidArgument", `An origin must be a bucket, BUCKET${end} (given "${DomainName}")`, 400);
}
