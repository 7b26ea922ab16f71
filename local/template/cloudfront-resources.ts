// The aws_cloudfront_… resource types. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudfront_distribution

import type { CacheBehavior, PolicyHeader } from "../cloudfront/types";
import type { Arguments } from "./arguments";
import type { ApplyResource } from "./call";
import { StackError } from "./stack-error";

export const CLOUDFRONT_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  aws_cloudfront_origin_access_control(args, { cloudfront }) {
    args.inert("name", "description");
    args.only("origin_access_control_origin_type", "s3");
    args.only("signing_behavior", "always");
    args.only("signing_protocol", "sigv4");
    return cloudfront.createOriginAccessControl();
  },

  aws_cloudfront_cache_policy(args, { cloudfront }) {
    args.inert("name", "comment");
    args.blocks("parameters_in_cache_key_and_forwarded_to_origin", (parameters) => {
      parameters.blocks("cookies_config", (cookies) => cookies.only("cookie_behavior", "none"));
      parameters.blocks("headers_config", (headers) => headers.only("header_behavior", "none"));
      parameters.blocks("query_strings_config", (queries) => queries.only("query_string_behavior", "none"));
    });
    return cloudfront.createCachePolicy({
      minTtl: args.number("min_ttl"),
      defaultTtl: args.optionalNumber("default_ttl") ?? 86_400,
      maxTtl: args.optionalNumber("max_ttl") ?? 31_536_000,
    });
  },

  aws_cloudfront_response_headers_policy(args, { cloudfront }) {
    args.inert("name", "comment");
    const removed = args.optionalBlock("remove_headers_config", (config) =>
      config.blocks("items", (item) => item.string("header").toLowerCase()),
    );
    const custom = args.optionalBlock("custom_headers_config", (config) =>
      config.blocks("items", (item) => ({
        header: item.string("header"),
        value: item.string("value"),
        override: item.optionalBoolean("override") ?? false,
      })),
    );
    const security = args.optionalBlock("security_headers_config", securityHeaders);
    return cloudfront.createResponseHeadersPolicy({
      removed: removed ?? [],
      added: [...(security ?? []), ...(custom ?? [])],
    });
  },

  async aws_cloudfront_distribution(args, { cloudfront, account }) {
    // Of TLS, of DNS, and of where in the world the edge is: nothing of it is on this machine.
    args.inert("http_version", "is_ipv6_enabled", "price_class", "viewer_certificate");
    args.blocks("restrictions", (restrictions) =>
      restrictions.blocks("geo_restriction", (geo) => geo.only("restriction_type", "none")),
    );
    const origins = args.blocks("origin", (origin) => ({
      id: origin.string("origin_id"),
      bucket: bucketOf(origin, account.region),
      path: origin.optionalString("origin_path") ?? "",
      accessControlId: origin.string("origin_access_control_id"),
    }));
    const { id, arn, domainName } = await cloudfront.createDistribution({
      enabled: args.optionalBoolean("enabled") ?? false,
      comment: args.optionalString("comment") ?? "",
      aliases: args.optionalStrings("aliases") ?? [],
      origins,
      defaultCacheBehavior: args.block("default_cache_behavior", behavior),
      orderedCacheBehaviors: args.blocks("ordered_cache_behavior", (ordered) => ({
        pathPattern: ordered.string("path_pattern"),
        ...behavior(ordered),
      })),
    });
    return { id, arn, domain_name: domainName };
  },
};

function behavior(args: Arguments): CacheBehavior {
  // Over HTTP alone here; on AWS over HTTPS alone.
  args.only("viewer_protocol_policy", "https-only");
  args.only("compress", false);
  args.inert("cached_methods");
  return {
    targetOriginId: args.string("target_origin_id"),
    allowedMethods: args.strings("allowed_methods"),
    cachePolicyId: args.string("cache_policy_id"),
    responseHeadersPolicyId: args.optionalString("response_headers_policy_id"),
  };
}

function bucketOf(origin: Arguments, region: string): string {
  const domain = origin.string("domain_name");
  const end = `.s3.${region}.amazonaws.com`;
  if (domain.endsWith(end)) return domain.slice(0, -end.length);
  throw new StackError(`${origin.address}: "domain_name" must be that of a bucket, BUCKET${end} (given "${domain}")`);
}

function securityHeaders(args: Arguments): PolicyHeader[] {
  const header = (block: string, name: string, textOf: (block: Arguments) => string) =>
    args.blocks(block, (each) => ({
      header: name,
      override: each.optionalBoolean("override") ?? false,
      value: textOf(each),
    }));
  return [
    ...header("content_security_policy", "content-security-policy", (each) => each.string("content_security_policy")),
    ...header("content_type_options", "x-content-type-options", () => "nosniff"),
    ...header("frame_options", "x-frame-options", (each) => each.string("frame_option")),
    ...header("referrer_policy", "referrer-policy", (each) => each.string("referrer_policy")),
    ...header("strict_transport_security", "strict-transport-security", (each) =>
      [
        `max-age=${each.number("access_control_max_age_sec")}`,
        ...(each.optionalBoolean("include_subdomains") ? ["includeSubDomains"] : []),
        ...(each.optionalBoolean("preload") ? ["preload"] : []),
      ].join("; "),
    ),
  ];
}
