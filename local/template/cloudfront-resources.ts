// The aws_cloudfront_… resource types. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudfront_distribution

import { randomUUID } from "node:crypto";
import type { Arguments } from "./arguments";
import type { ApplyResource, CallApi } from "./call";
import { items, readHeadersPolicy } from "./cloudfront-headers";

interface Configuration {
  readonly ETag: string;
  readonly DistributionConfig: { readonly CallerReference: string };
}

/** Makes what has a configuration, and is known by its id alone. */
const create =
  (name: string, read: (args: Arguments) => object): ApplyResource =>
  async (args, { call }) => {
    const input = { [`${name}Config`]: read(args) };
    const created = await call<Record<string, { readonly Id: string }>>("cloudfront", `Create${name}`, input);
    return { id: created[name]?.Id };
  };

/** Replaces its configuration: the latest version is the one that is there. */
const replace =
  (name: string, read: (args: Arguments) => object): ApplyResource =>
  async (args, { call }, _stack, existing) => {
    const config = read(args);
    const Id = existing?.id;
    const { ETag: IfMatch } = await latest(call, name, Id);
    await call("cloudfront", `Update${name}`, { Id, IfMatch, [`${name}Config`]: config });
    return {};
  };

const latest = (call: CallApi, name: string, Id: unknown) =>
  call<Configuration>("cloudfront", `Get${name}Config`, { Id });

export const CLOUDFRONT_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  aws_cloudfront_origin_access_control: create("OriginAccessControl", readAccessControl),
  aws_cloudfront_cache_policy: create("CachePolicy", readCachePolicy),
  aws_cloudfront_response_headers_policy: create("ResponseHeadersPolicy", readHeadersPolicy),

  async aws_cloudfront_distribution(args, { call }) {
    const DistributionConfig = { CallerReference: randomUUID(), ...readDistribution(args) };
    const { Distribution: made } = await call<{ Distribution: { Id: string; ARN: string; DomainName: string } }>(
      "cloudfront",
      "CreateDistribution",
      { DistributionConfig },
    );
    return { id: made.Id, arn: made.ARN, domain_name: made.DomainName };
  },
};

export const updateAccessControl = replace("OriginAccessControl", readAccessControl);
export const updateCachePolicy = replace("CachePolicy", readCachePolicy);
export const updateHeadersPolicy = replace("ResponseHeadersPolicy", readHeadersPolicy);

export const updateDistribution: ApplyResource = async (args, { call }, _stack, existing) => {
  const config = readDistribution(args);
  const Id = existing?.id;
  const { ETag: IfMatch, DistributionConfig: before } = await latest(call, "Distribution", Id);
  const DistributionConfig = { CallerReference: before.CallerReference, ...config };
  await call("cloudfront", "UpdateDistribution", { Id, IfMatch, DistributionConfig });
  return {};
};

function readAccessControl(args: Arguments) {
  return {
    Name: args.string("name"),
    Description: args.optionalString("description") ?? "Managed by Terraform",
    OriginAccessControlOriginType: args.string("origin_access_control_origin_type"),
    SigningBehavior: args.string("signing_behavior"),
    SigningProtocol: args.string("signing_protocol"),
  };
}

function readCachePolicy(args: Arguments) {
  return {
    Name: args.string("name"),
    Comment: args.optionalString("comment"),
    MinTTL: args.optionalNumber("min_ttl") ?? 0,
    DefaultTTL: args.optionalNumber("default_ttl") ?? 86_400,
    MaxTTL: args.optionalNumber("max_ttl") ?? 31_536_000,
    ParametersInCacheKeyAndForwardedToOrigin: args.block(
      "parameters_in_cache_key_and_forwarded_to_origin",
      (parameters) => ({
        EnableAcceptEncodingGzip: parameters.optionalBoolean("enable_accept_encoding_gzip") ?? false,
        EnableAcceptEncodingBrotli: parameters.optionalBoolean("enable_accept_encoding_brotli") ?? false,
        CookiesConfig: parameters.block("cookies_config", (cookies) => ({
          CookieBehavior: cookies.string("cookie_behavior"),
        })),
        HeadersConfig: parameters.block("headers_config", (headers) => ({
          HeaderBehavior: headers.string("header_behavior"),
        })),
        QueryStringsConfig: parameters.block("query_strings_config", (queries) => ({
          QueryStringBehavior: queries.string("query_string_behavior"),
        })),
      }),
    ),
  };
}

function readDistribution(args: Arguments) {
  return {
    Comment: args.optionalString("comment") ?? "",
    Enabled: args.optionalBoolean("enabled") ?? false,
    IsIPV6Enabled: args.optionalBoolean("is_ipv6_enabled") ?? false,
    HttpVersion: args.optionalString("http_version") ?? "http2",
    PriceClass: args.optionalString("price_class") ?? "PriceClass_All",
    Aliases: items(args.optionalStrings("aliases") ?? []),
    Origins: items(
      args.blocks("origin", (origin) => ({
        Id: origin.string("origin_id"),
        DomainName: origin.string("domain_name"),
        OriginPath: origin.optionalString("origin_path") ?? "",
        OriginAccessControlId: origin.string("origin_access_control_id"),
      })),
    ),
    DefaultCacheBehavior: args.block("default_cache_behavior", readBehavior),
    CacheBehaviors: items(
      args.blocks("ordered_cache_behavior", (ordered) => ({
        PathPattern: ordered.string("path_pattern"),
        ...readBehavior(ordered),
      })),
    ),
    Restrictions: args.block("restrictions", (restrictions) => ({
      GeoRestriction: restrictions.block("geo_restriction", (geo) => ({
        RestrictionType: geo.string("restriction_type"),
        ...items(geo.optionalStrings("locations") ?? []),
      })),
    })),
    ViewerCertificate: args.block("viewer_certificate", (certificate) => ({
      CloudFrontDefaultCertificate: certificate.optionalBoolean("cloudfront_default_certificate"),
      ACMCertificateArn: certificate.optionalString("acm_certificate_arn"),
      SSLSupportMethod: certificate.optionalString("ssl_support_method"),
      MinimumProtocolVersion: certificate.optionalString("minimum_protocol_version"),
    })),
  };
}

function readBehavior(args: Arguments) {
  return {
    TargetOriginId: args.string("target_origin_id"),
    ViewerProtocolPolicy: args.string("viewer_protocol_policy"),
    AllowedMethods: {
      ...items(args.strings("allowed_methods")),
      CachedMethods: items(args.strings("cached_methods")),
    },
    CachePolicyId: args.string("cache_policy_id"),
    ResponseHeadersPolicyId: args.optionalString("response_headers_policy_id"),
    Compress: args.optionalBoolean("compress") ?? false,
  };
}
