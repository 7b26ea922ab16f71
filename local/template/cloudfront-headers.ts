// The arguments of aws_cloudfront_response_headers_policy. https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudfront_response_headers_policy

import type { Arguments } from "./arguments";

/** The policy's configuration in the words of CloudFront's API. */
export function readHeadersPolicy(args: Arguments) {
  return {
    Name: args.string("name"),
    Comment: args.optionalString("comment"),
    SecurityHeadersConfig: args.optionalBlock("security_headers_config", readSecurityHeaders),
    CustomHeadersConfig: args.optionalBlock("custom_headers_config", (config) =>
      items(
        config.blocks("items", (item) => ({
          Header: item.string("header"),
          Value: item.string("value"),
          ...override(item),
        })),
      ),
    ),
    RemoveHeadersConfig: args.optionalBlock("remove_headers_config", (config) =>
      items(config.blocks("items", (item) => ({ Header: item.string("header") }))),
    ),
  };
}

function readSecurityHeaders(args: Arguments) {
  return {
    ContentSecurityPolicy: args.optionalBlock("content_security_policy", (each) => ({
      ContentSecurityPolicy: each.string("content_security_policy"),
      ...override(each),
    })),
    ContentTypeOptions: args.optionalBlock("content_type_options", override),
    FrameOptions: args.optionalBlock("frame_options", (each) => ({
      FrameOption: each.string("frame_option"),
      ...override(each),
    })),
    ReferrerPolicy: args.optionalBlock("referrer_policy", (each) => ({
      ReferrerPolicy: each.string("referrer_policy"),
      ...override(each),
    })),
    StrictTransportSecurity: args.optionalBlock("strict_transport_security", (each) => ({
      AccessControlMaxAgeSec: each.number("access_control_max_age_sec"),
      IncludeSubdomains: each.optionalBoolean("include_subdomains") ?? false,
      Preload: each.optionalBoolean("preload") ?? false,
      ...override(each),
    })),
  };
}

const override = (args: Arguments) => ({ Override: args.optionalBoolean("override") ?? false });

/** A list as CloudFront's API takes it. */
export const items = <T>(values: readonly T[]) => ({ Quantity: values.length, Items: values });
