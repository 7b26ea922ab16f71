// CloudFront's API by its real client: distributions and what they refer to, through their whole life.

import {
  type CloudFrontClient,
  CreateCachePolicyCommand,
  CreateDistributionCommand,
  CreateDistributionWithTagsCommand,
  CreateOriginAccessControlCommand,
  CreateResponseHeadersPolicyCommand,
  DeleteCachePolicyCommand,
  DeleteDistributionCommand,
  DeleteOriginAccessControlCommand,
  type DistributionConfig,
  GetCachePolicyCommand,
  GetCachePolicyConfigCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  GetOriginAccessControlCommand,
  GetResponseHeadersPolicyCommand,
  ListCachePoliciesCommand,
  ListOriginAccessControlsCommand,
  ListResponseHeadersPoliciesCommand,
  ListTagsForResourceCommand,
  type ResponseHeadersPolicyConfig,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateCachePolicyCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { LAMBDA_TRUST, policyOf } from "../iam/account";
import { accessControl, cachePolicy, createDistribution, newConfig, startCloudfront } from "./fixture";

let here: Awaited<ReturnType<typeof startCloudfront>>;
let client: CloudFrontClient;
beforeEach(async () => {
  here = await startCloudfront();
  client = here.client;
});
afterEach(() => here.close());

it("a distribution is deployed at the first look, with AWS's defaults for what was not given", async () => {
  const { id, config } = await createDistribution(client);
  const { Distribution, ETag } = await client.send(new GetDistributionCommand({ Id: id }));
  expect(Distribution).toMatchObject({ Status: "Deployed", InProgressInvalidationBatches: 0 });
  expect(ETag).toMatch(/^E[0-9A-Z]{13}$/);
  expect(Distribution?.DistributionConfig).toEqual(config);
  expect(config).toMatchObject({
    PriceClass: "PriceClass_All",
    HttpVersion: "http2",
    Aliases: { Quantity: 0 },
    DefaultCacheBehavior: { AllowedMethods: { Items: ["HEAD", "GET"] }, Compress: false },
    ViewerCertificate: { CloudFrontDefaultCertificate: true, MinimumProtocolVersion: "TLSv1" },
    Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: 0 } },
  });
});

it("it is changed by who knows its latest version alone", async () => {
  const { id: Id, etag: IfMatch, config } = await createDistribution(client);
  const cheaper: DistributionConfig = { ...config, PriceClass: "PriceClass_100" };
  const update = (version: string | undefined, given = cheaper) =>
    client.send(new UpdateDistributionCommand({ Id, IfMatch: version, DistributionConfig: given }));
  const updated = await update(IfMatch);
  expect(updated.Distribution).toMatchObject({ Status: "InProgress", DistributionConfig: cheaper });
  expect(updated.ETag).not.toBe(IfMatch);
  await expect(update(IfMatch)).rejects.toMatchObject({ name: "PreconditionFailed" });
  await expect(update(undefined)).rejects.toMatchObject({ name: "InvalidIfMatchVersion" });
  const renamed = update(updated.ETag, { ...cheaper, CallerReference: "another" });
  await expect(renamed).rejects.toMatchObject({ name: "IllegalUpdate" });
  const read = await client.send(new GetDistributionConfigCommand({ Id }));
  expect(read).toMatchObject({ ETag: updated.ETag, DistributionConfig: cheaper });
});

it("it is disabled, deleted, and then nothing listens; what it used can go only then", async () => {
  const { id: Id, etag, config } = await createDistribution(client);
  const [{ url } = { url: "" }] = here.distributions();
  const remove = (IfMatch: string | undefined) => client.send(new DeleteDistributionCommand({ Id, IfMatch }));
  await expect(remove(etag)).rejects.toMatchObject({ name: "DistributionNotDisabled" });
  const { CachePolicyId } = config.DefaultCacheBehavior ?? {};
  const { ETag: policyVersion } = await client.send(new GetCachePolicyCommand({ Id: CachePolicyId }));
  const removePolicy = () =>
    client.send(new DeleteCachePolicyCommand({ Id: CachePolicyId ?? "", IfMatch: policyVersion }));
  await expect(removePolicy()).rejects.toMatchObject({ name: "CachePolicyInUse" });
  const DistributionConfig = { ...config, Enabled: false };
  const { ETag } = await client.send(new UpdateDistributionCommand({ Id, IfMatch: etag, DistributionConfig }));
  expect((await fetch(url)).status).toBe(403);
  await expect(remove(etag)).rejects.toMatchObject({ name: "PreconditionFailed" });
  await remove(ETag);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  const gone = client.send(new GetDistributionCommand({ Id }));
  await expect(gone).rejects.toMatchObject({ name: "NoSuchDistribution", $metadata: { httpStatusCode: 404 } });
  await removePolicy();
});

it("its tags come with it, and are added and taken away", async () => {
  const Tags = { Items: [{ Key: "team", Value: "profiles" }] };
  const DistributionConfigWithTags = { DistributionConfig: await newConfig(client), Tags };
  const made = await client.send(new CreateDistributionWithTagsCommand({ DistributionConfigWithTags }));
  const Resource = made.Distribution?.ARN;
  await client.send(new TagResourceCommand({ Resource, Tags: { Items: [{ Key: "cost", Value: "4/2" }] } }));
  await client.send(new UntagResourceCommand({ Resource, TagKeys: { Items: ["team"] } }));
  const read = await client.send(new ListTagsForResourceCommand({ Resource }));
  expect(read.Tags?.Items).toEqual([{ Key: "cost", Value: "4/2" }]);
  const other = client.send(new ListTagsForResourceCommand({ Resource: `${Resource}X` }));
  await expect(other).rejects.toMatchObject({ name: "NoSuchResource" });
});

it.each<[string, (config: DistributionConfig) => Partial<DistributionConfig>, string, string]>([
  ["a root object", () => ({ DefaultRootObject: "index.html" }), "InvalidArgument", "DefaultRootObject"],
  ["a firewall", () => ({ WebACLId: "arn:aws:wafv2:1" }), "InvalidArgument", "DistributionConfig.WebACLId"],
  ["a price class that is none", () => ({ PriceClass: "PriceClass_7" as never }), "InvalidArgument", "PriceClass_100"],
  [
    "compression",
    ({ DefaultCacheBehavior: it }) => ({ DefaultCacheBehavior: { ...it, Compress: true } as never }),
    "InvalidArgument",
    "DefaultCacheBehavior.Compress",
  ],
  [
    "settings of old",
    ({ DefaultCacheBehavior: it }) => ({ DefaultCacheBehavior: { ...it, MinTTL: 0 } as never }),
    "InvalidArgument",
    "DefaultCacheBehavior.MinTTL",
  ],
  [
    "another number of aliases than it says",
    () => ({ Aliases: { Quantity: 2, Items: ["a.example.com"] } }),
    "InconsistentQuantities",
    "DistributionConfig.Aliases",
  ],
  [
    "an alias without a certificate",
    () => ({ Aliases: { Quantity: 1, Items: ["a.example.com"] } }),
    "InvalidViewerCertificate",
    "a.example.com",
  ],
  [
    "an origin that it does not have",
    ({ DefaultCacheBehavior: it }) => ({ DefaultCacheBehavior: { ...it, TargetOriginId: "other" } as never }),
    "NoSuchOrigin",
    "other",
  ],
  [
    "a cache policy that is not there",
    ({ DefaultCacheBehavior: it }) => ({ DefaultCacheBehavior: { ...it, CachePolicyId: "none" } as never }),
    "NoSuchCachePolicy",
    "none",
  ],
  [
    "headers that are not there",
    ({ DefaultCacheBehavior: it }) => ({ DefaultCacheBehavior: { ...it, ResponseHeadersPolicyId: "none" } as never }),
    "NoSuchResponseHeadersPolicy",
    "none",
  ],
  [
    "an access control that is not there",
    ({ Origins }) => ({
      Origins: { Quantity: 1, Items: Origins?.Items?.map((it) => ({ ...it, OriginAccessControlId: "none" })) },
    }),
    "InvalidOriginAccessControl",
    "none",
  ],
  [
    "an origin that is no bucket",
    ({ Origins }) => ({
      Origins: { Quantity: 1, Items: Origins?.Items?.map((it) => ({ ...it, DomainName: "example.com" })) },
    }),
    "InvalidArgument",
    "example.com",
  ],
])("refuses %s, by name", async (_what, change, name, named) => {
  const config = await newConfig(client);
  const DistributionConfig = { ...config, ...change(config) };
  const refused = client.send(new CreateDistributionCommand({ DistributionConfig }));
  await expect(refused).rejects.toMatchObject({ name, message: expect.stringContaining(named) });
  expect(here.distributions()).toEqual([]);
});

it("a caller reference, an alias and a name are given once", async () => {
  const ViewerCertificate = { ACMCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/7b5a2c1e" };
  const Aliases = { Quantity: 1, Items: ["faces.example.com"] };
  const { config } = await createDistribution(client, { Aliases, ViewerCertificate });
  const again = client.send(new CreateDistributionCommand({ DistributionConfig: config }));
  await expect(again).rejects.toMatchObject({ name: "DistributionAlreadyExists" });
  const DistributionConfig = { ...config, CallerReference: "another" };
  const alias = client.send(new CreateDistributionCommand({ DistributionConfig }));
  await expect(alias).rejects.toMatchObject({ name: "CNAMEAlreadyExists" });
  const policy = client.send(new CreateCachePolicyCommand({ CachePolicyConfig: cachePolicy() }));
  await expect(policy).rejects.toMatchObject({ name: "CachePolicyAlreadyExists" });
  const control = client.send(new CreateOriginAccessControlCommand({ OriginAccessControlConfig: accessControl() }));
  await expect(control).rejects.toMatchObject({ name: "OriginAccessControlAlreadyExists" });
});

it("a cache policy is read, listed and replaced", async () => {
  const { CachePolicy, ETag } = await client.send(new CreateCachePolicyCommand({ CachePolicyConfig: cachePolicy() }));
  const Id = CachePolicy?.Id;
  const CachePolicyConfig = { ...cachePolicy(), Comment: "for an hour", MaxTTL: 3600 };
  await client.send(new UpdateCachePolicyCommand({ Id, IfMatch: ETag, CachePolicyConfig }));
  const read = await client.send(new GetCachePolicyConfigCommand({ Id }));
  expect(read.CachePolicyConfig).toEqual(CachePolicyConfig);
  const { CachePolicyList } = await client.send(new ListCachePoliciesCommand({ Type: "custom" }));
  expect(CachePolicyList?.Items).toMatchObject([{ Type: "custom", CachePolicy: { Id, CachePolicyConfig } }]);
  const managed = client.send(new ListCachePoliciesCommand({ Type: "managed" }));
  await expect(managed).rejects.toMatchObject({ message: expect.stringContaining("Type must be custom") });
});

it("a response headers policy is told as it was given", async () => {
  const given: ResponseHeadersPolicyConfig = {
    Name: "faces",
    CustomHeadersConfig: { Quantity: 1, Items: [{ Header: "x-a", Value: "1", Override: true }] },
    RemoveHeadersConfig: { Quantity: 2, Items: [{ Header: "x-b" }, { Header: "x-c" }] },
    SecurityHeadersConfig: {
      FrameOptions: { FrameOption: "DENY", Override: true },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 60, Override: false },
    },
  };
  const command = new CreateResponseHeadersPolicyCommand({ ResponseHeadersPolicyConfig: given });
  const { ResponseHeadersPolicy: made } = await client.send(command);
  const read = await client.send(new GetResponseHeadersPolicyCommand({ Id: made?.Id }));
  expect(read.ResponseHeadersPolicy).toEqual({ ...made, ResponseHeadersPolicyConfig: given });
  const { ResponseHeadersPolicyList: list } = await client.send(new ListResponseHeadersPoliciesCommand({}));
  expect(list).toMatchObject({ Quantity: 1, Items: [{ ResponseHeadersPolicy: { Id: made?.Id } }] });
});

it("an origin access control is read, listed and deleted", async () => {
  const command = new CreateOriginAccessControlCommand({ OriginAccessControlConfig: accessControl() });
  const { OriginAccessControl: made, ETag, Location } = await client.send(command);
  expect(Location).toBe(`https://cloudfront.amazonaws.com/2020-05-31/origin-access-control/${made?.Id}`);
  const read = await client.send(new GetOriginAccessControlCommand({ Id: made?.Id }));
  expect(read.OriginAccessControl).toEqual(made);
  const { OriginAccessControlList } = await client.send(new ListOriginAccessControlsCommand({}));
  expect(OriginAccessControlList?.Items).toEqual([{ Id: made?.Id, Description: "", ...accessControl() }]);
  await client.send(new DeleteOriginAccessControlCommand({ Id: made?.Id ?? "", IfMatch: ETag }));
  const gone = client.send(new GetOriginAccessControlCommand({ Id: made?.Id }));
  await expect(gone).rejects.toMatchObject({ name: "NoSuchOriginAccessControl" });
});

it("a role makes distributions with the permission to tag them alone where it tags them", async () => {
  const { iam, connect } = here;
  const { arn } = iam.createRole({ roleName: "Maker", assumeRolePolicyDocument: LAMBDA_TRUST });
  const Resource = "arn:aws:cloudfront::111122223333:distribution/*";
  const policyDocument = policyOf({ Effect: "Allow", Action: "cloudfront:CreateDistribution", Resource });
  iam.putRolePolicy({ roleName: "Maker", policyName: "Inline", policyDocument });
  const asRole = connect(iam.assumeRole({ roleArn: arn, service: "lambda.amazonaws.com", sessionName: "make" }));
  const DistributionConfig = await newConfig(client);
  const DistributionConfigWithTags = { DistributionConfig, Tags: { Items: [] } };
  const tagged = asRole.send(new CreateDistributionWithTagsCommand({ DistributionConfigWithTags }));
  const message = expect.stringContaining("is not authorized to perform: cloudfront:TagResource");
  await expect(tagged).rejects.toMatchObject({ name: "AccessDenied", message });
  await asRole.send(new CreateDistributionCommand({ DistributionConfig }));
  asRole.destroy();
});
