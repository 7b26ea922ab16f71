// CloudFront's API before its real client, and the parts of a distribution to make with it.

import {
  CloudFrontClient,
  CreateCachePolicyCommand,
  CreateDistributionCommand,
  CreateOriginAccessControlCommand,
  type DistributionConfig,
} from "@aws-sdk/client-cloudfront";
import { createActivityStream } from "../../../local/activity";
import { createCloudfront } from "../../../local/cloudfront";
import { createEdge } from "../../../local/edge";
import { createIam } from "../../../local/iam";

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export async function startCloudfront() {
  const account = { accountId: "111122223333", region: "eu-west-1", endpoint: "" };
  const activity = createActivityStream();
  const iam = createIam({ account, activity });
  const cloudfront = createCloudfront({ account, iam, port: 0 });
  const edge = createEdge({ account, activity, iam, services: { cloudfront } });
  await edge.listen(0);
  const connect = (credentials: Keys) =>
    new CloudFrontClient({ endpoint: account.endpoint, region: account.region, credentials, maxAttempts: 1 });
  const client = connect({ accessKeyId: "test", secretAccessKey: "test" });
  return {
    account,
    iam,
    client,
    connect,
    /** Those that listen. */
    distributions: () => cloudfront.distributions,
    async close() {
      client.destroy();
      await cloudfront.close();
      await edge.close();
    },
  };
}

export const accessControl = (Name = "faces") => ({
  Name,
  OriginAccessControlOriginType: "s3" as const,
  SigningBehavior: "always" as const,
  SigningProtocol: "sigv4" as const,
});

export const cachePolicy = (Name = "faces") => ({
  Name,
  MinTTL: 0,
  ParametersInCacheKeyAndForwardedToOrigin: {
    EnableAcceptEncodingGzip: false,
    HeadersConfig: { HeaderBehavior: "none" as const },
    CookiesConfig: { CookieBehavior: "none" as const },
    QueryStringsConfig: { QueryStringBehavior: "none" as const },
  },
});

/** A configuration of a distribution in front of a bucket, with what it refers to made. */
export async function newConfig(client: CloudFrontClient, name = "faces"): Promise<DistributionConfig> {
  const control = new CreateOriginAccessControlCommand({ OriginAccessControlConfig: accessControl(name) });
  const policy = new CreateCachePolicyCommand({ CachePolicyConfig: cachePolicy(name) });
  const [{ OriginAccessControl }, { CachePolicy }] = await Promise.all([client.send(control), client.send(policy)]);
  const origin = {
    Id: "bucket",
    DomainName: "pictures.s3.eu-west-1.amazonaws.com",
    OriginAccessControlId: OriginAccessControl?.Id,
    S3OriginConfig: { OriginAccessIdentity: "" },
  };
  return {
    CallerReference: name,
    Comment: name,
    Enabled: true,
    Origins: { Quantity: 1, Items: [origin] },
    DefaultCacheBehavior: {
      TargetOriginId: origin.Id,
      ViewerProtocolPolicy: "https-only",
      CachePolicyId: CachePolicy?.Id,
    },
  };
}

/** A distribution that is there. */
export async function createDistribution(client: CloudFrontClient, given: Partial<DistributionConfig> = {}) {
  const DistributionConfig = { ...(await newConfig(client, given.CallerReference)), ...given };
  const { Distribution, ETag } = await client.send(new CreateDistributionCommand({ DistributionConfig }));
  if (Distribution?.DistributionConfig === undefined) throw new Error("no distribution");
  const { Id = "", ARN: arn = "", DomainName: domainName = "", DistributionConfig: config } = Distribution;
  return { id: Id, arn, domainName, config, etag: ETag };
}
