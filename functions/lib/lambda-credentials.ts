// Takes the place of @aws-sdk/credential-provider-node in the bundles (stack/bundle.ts). Lambda gives a Node function its
// role's credentials as environment variables and in no other way, so files, SSO, web identities and metadata services
// are 100 KB that would only lengthen each cold start.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime

import { fromEnv } from "@aws-sdk/credential-provider-env";

/** What the AWS clients ask for when they are given no credentials. */
export const defaultProvider = fromEnv;
