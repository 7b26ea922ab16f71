// CloudFront's API by its real client: invalidations and the list of distributions.

import * as model from "@aws-sdk/client-cloudfront";
import {
  type CloudFrontClient,
  CreateInvalidationCommand,
  GetInvalidationCommand,
  ListDistributionsCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import { BINDINGS } from "../../../local/cloudfront/bindings";
import { OPERATIONS } from "../../../local/cloudfront/operations";
import { LAMBDA_TRUST, policyOf } from "../iam/account";
import { createDistribution, startCloudfront } from "./fixture";

let here: Awaited<ReturnType<typeof startCloudfront>>;
let client: CloudFrontClient;
let distribution: Awaited<ReturnType<typeof createDistribution>>;

beforeAll(async () => {
  here = await startCloudfront();
  client = here.client;
  const ACMCertificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/7b5a2c1e";
  distribution = await createDistribution(client, {
    Aliases: { Quantity: 1, Items: ["faces.example.com"] },
    ViewerCertificate: { ACMCertificateArn, SSLSupportMethod: "sni-only" },
  });
});
afterAll(() => here.close());

const create = (paths: string[], CallerReference = paths.join(), Quantity = paths.length) =>
  client.send(
    new CreateInvalidationCommand({
      DistributionId: distribution.id,
      InvalidationBatch: { Paths: { Quantity, Items: paths }, CallerReference },
    }),
  );

it("an invalidation is in progress when it is made, completed when it is looked at, and listed, the newest first", async () => {
  const DistributionId = distribution.id;
  const made = await create(["/thumbnails/1/a.jpg", "/thumbnails/2*"]);
  const { Id, Status, CreateTime, InvalidationBatch } = made.Invalidation ?? {};
  expect(Id).toMatch(/^I[0-9A-Z]{13}$/);
  expect(made.Location).toBe(
    `https://cloudfront.amazonaws.com/2020-05-31/distribution/${DistributionId}/invalidation/${Id}`,
  );
  expect([Status, CreateTime instanceof Date]).toEqual(["InProgress", true]);
  expect(InvalidationBatch?.Paths).toEqual({ Quantity: 2, Items: ["/thumbnails/1/a.jpg", "/thumbnails/2*"] });
  const read = await client.send(new GetInvalidationCommand({ DistributionId, Id }));
  expect(read.Invalidation).toEqual({ ...made.Invalidation, Status: "Completed" });
  const { Invalidation: newer } = await create(["/thumbnails/3.jpg"]);
  const first = await client.send(new ListInvalidationsCommand({ DistributionId, MaxItems: 1 }));
  expect(first.InvalidationList).toMatchObject({ IsTruncated: true, Quantity: 1, Items: [{ Id: newer?.Id }] });
  const next = { DistributionId, Marker: first.InvalidationList?.NextMarker, MaxItems: 1 };
  const { InvalidationList: second } = await client.send(new ListInvalidationsCommand(next));
  expect(second).toMatchObject({ IsTruncated: false, Items: [{ Id, Status: "Completed" }] });
});

it("the same request is the same invalidation, and another one with its reference is refused", async () => {
  const one = await create(["/same.jpg"], "reference");
  expect((await create(["/same.jpg"], "reference")).Invalidation?.Id).toBe(one.Invalidation?.Id);
  await expect(create(["/other.jpg"], "reference")).rejects.toMatchObject({ name: "InvalidationBatchAlreadyExists" });
});

it.each([
  ["fewer paths than it says", ["/a"], 2, "InconsistentQuantities"],
  ["no path", [], 0, "InvalidArgument"],
  ["a wildcard in the middle", ["/a*b"], 1, "InvalidArgument"],
  ["a space", ["/a b"], 1, "InvalidArgument"],
  ["letters that must be encoded", ["/ü"], 1, "InvalidArgument"],
  ["3,001 paths", Array.from({ length: 3001 }, (_, index) => `/${index}`), 3001, "BatchTooLarge"],
  ["16 wildcards", Array.from({ length: 16 }, (_, index) => `/${index}*`), 16, "BatchTooLarge"],
])("refuses %s", async (_what, paths, quantity, name) => {
  await expect(create(paths, "refused", quantity)).rejects.toMatchObject({ name });
});

it("what is not there is refused by name", async () => {
  const Id = "I0000000000000";
  const unknown = client.send(new GetInvalidationCommand({ DistributionId: distribution.id, Id }));
  await expect(unknown).rejects.toMatchObject({ name: "NoSuchInvalidation", $metadata: { httpStatusCode: 404 } });
  const other = client.send(new ListInvalidationsCommand({ DistributionId: "E0000000000000" }));
  await expect(other).rejects.toMatchObject({ name: "NoSuchDistribution" });
});

it("lists distributions with their origins", async () => {
  const { DistributionList } = await client.send(new ListDistributionsCommand({}));
  expect(DistributionList).toMatchObject({ Quantity: 1, IsTruncated: false });
  expect(DistributionList?.Items).toMatchObject([
    {
      Id: distribution.id,
      ARN: distribution.arn,
      DomainName: distribution.domainName,
      Comment: "faces",
      Enabled: true,
      Aliases: { Quantity: 1, Items: ["faces.example.com"] },
      Origins: { Quantity: 1, Items: [{ Id: "bucket", DomainName: "pictures.s3.eu-west-1.amazonaws.com" }] },
    },
  ]);
});

it("takes what a role may, and refuses the rest in AWS's words", async () => {
  const { iam, connect } = here;
  const { arn } = iam.createRole({ roleName: "Eraser", assumeRolePolicyDocument: LAMBDA_TRUST });
  const policyDocument = policyOf({
    Effect: "Allow",
    Action: "cloudfront:CreateInvalidation",
    Resource: distribution.arn,
  });
  iam.putRolePolicy({ roleName: "Eraser", policyName: "Inline", policyDocument });
  const asRole = connect(iam.assumeRole({ roleArn: arn, service: "lambda.amazonaws.com", sessionName: "erase" }));
  const InvalidationBatch = { Paths: { Quantity: 1, Items: ["/a"] }, CallerReference: "role" };
  await asRole.send(new CreateInvalidationCommand({ DistributionId: distribution.id, InvalidationBatch }));
  await expect(asRole.send(new ListDistributionsCommand({}))).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("is not authorized to perform: cloudfront:ListDistributions"),
  });
  asRole.destroy();
});

/** Sends an invalidation whose document has been changed on its way. */
function createChanged(change: (document: string) => string) {
  const command = new CreateInvalidationCommand({
    DistributionId: distribution.id,
    InvalidationBatch: { Paths: { Quantity: 1, Items: ["/a"] }, CallerReference: "changed" },
  });
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string; headers: Record<string, string> };
      request.body = change(request.body);
      request.headers["content-length"] = String(Buffer.byteLength(request.body));
      return next(args);
    },
    { step: "build", priority: "low" },
  );
  return client.send(command);
}

it("refuses a member that it does not have, by name, and an operation", async () => {
  const coloured = createChanged((document) => document.replace("<Paths>", "<Colour>red</Colour><Paths>"));
  await expect(coloured).rejects.toMatchObject({ message: expect.stringContaining('"InvalidationBatch.Colour"') });
  const url = `${here.account.endpoint}/2020-05-31/distribution/${distribution.id}/invalidation`;
  expect((await fetch(url, { method: "PUT" })).status).toBeGreaterThanOrEqual(400);
});

it.each([
  ["no XML", () => "{}"],
  ["nothing", () => ""],
  ["another root", (document: string) => document.replaceAll("InvalidationBatch", "Batch")],
  ["a document type", (document: string) => `<!DOCTYPE a [<!ENTITY b "c">]>${document}`],
  ["a name of JavaScript's", (document: string) => document.replace("<Paths>", "<__proto__>x</__proto__><Paths>")],
  ["elements within elements without end", (document: string) => document.replace("<Path>", "<Path>".repeat(5000))],
  [
    "the same, closed",
    (document: string) => document.replace("<Path>/a</Path>", "<Path>".repeat(5000) + "</Path>".repeat(5000)),
  ],
])("refuses a document that is %s", async (_what, change) => {
  await expect(createChanged(change)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
});

it.each(OPERATIONS)("$name is where AWS's client looks for it", ({ name }) => {
  const { method, path, status = 200 } = BINDINGS[name] ?? {};
  const schemas = model as unknown as Record<string, readonly [9, string, string, { readonly http: unknown }]>;
  expect(schemas[`${name}$`]?.[3].http).toEqual([method, path, status]);
});
