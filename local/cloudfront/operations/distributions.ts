// Distributions: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Operations_Amazon_CloudFront.html

import { operation } from "../../api/operation";
import { required, string, structure } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { DISTRIBUTION_CONFIG, withDefaults } from "../distribution-config";
import { checkConfig } from "./check-config";
import { arnOf, type CloudfrontState, checkVersion, type Deployed, distributionOf, newVersion } from "./state";
import { readTags, TAGS } from "./tags";

const CONFIG = required(structure(DISTRIBUTION_CONFIG));
const ID = { Id: required(string) };

const onNew = (state: CloudfrontState, ...actions: string[]) =>
  actions.map((action) => ({ action, resource: arnOf(state, "distribution", "*") }));
const onOne = ({ Id }: { Id: string }, state: CloudfrontState) => [{ resource: arnOf(state, "distribution", Id) }];

export const createDistribution = operation({
  name: "CreateDistribution",
  input: { DistributionConfig: CONFIG },
  resources: (_input, state: CloudfrontState) => onNew(state, "CreateDistribution"),
  run: (state: CloudfrontState, { DistributionConfig }) => create(state, DistributionConfig, new Map()),
});

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistributionWithTags.html */
export const createDistributionWithTags = operation({
  name: "CreateDistributionWithTags",
  input: {
    DistributionConfigWithTags: required(structure({ DistributionConfig: CONFIG, Tags: required(structure(TAGS)) })),
  },
  resources: (_input, state: CloudfrontState) => onNew(state, "CreateDistribution", "TagResource"),
  run: (state: CloudfrontState, { DistributionConfigWithTags: { DistributionConfig, Tags } }) =>
    create(state, DistributionConfig, readTags(Tags)),
});

export const getDistribution = operation({
  name: "GetDistribution",
  input: ID,
  resources: onOne,
  run(state: CloudfrontState, { Id }) {
    const distribution = distributionOf(state, Id);
    // It is at once where it should be; who asks is told so at the first look.
    distribution.status = "Deployed";
    return described(distribution);
  },
});

export const getDistributionConfig = operation({
  name: "GetDistributionConfig",
  input: ID,
  resources: onOne,
  run(state: CloudfrontState, { Id }) {
    const { config, etag } = distributionOf(state, Id);
    return { DistributionConfig: config, ETag: etag };
  },
});

export const updateDistribution = operation({
  name: "UpdateDistribution",
  input: { ...ID, DistributionConfig: CONFIG, IfMatch: string },
  resources: onOne,
  run(state: CloudfrontState, { Id, DistributionConfig, IfMatch }) {
    const distribution = distributionOf(state, Id);
    checkVersion(distribution, IfMatch);
    const config = withDefaults(DistributionConfig);
    checkConfig(state, config, distribution);
    Object.assign(distribution, newVersion(config), { status: "InProgress" });
    return described(distribution);
  },
});

export const deleteDistribution = operation({
  name: "DeleteDistribution",
  input: { ...ID, IfMatch: string },
  resources: onOne,
  async run(state: CloudfrontState, { Id, IfMatch }) {
    const distribution = distributionOf(state, Id);
    checkVersion(distribution, IfMatch);
    if (distribution.config.Enabled) {
      throw new AwsError("DistributionNotDisabled", `The distribution ${Id} is enabled; disable it first`, 409);
    }
    state.distributions.delete(Id);
    await distribution.close();
  },
});

async function create(
  state: CloudfrontState,
  given: Parameters<typeof withDefaults>[0],
  tags: Map<string, string>,
): Promise<object> {
  const config = withDefaults(given);
  checkConfig(state, config);
  const distribution = await state.deploy(config, tags);
  state.distributions.set(distribution.id, distribution);
  const Location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distribution.id}`;
  return { ...described(distribution), Location };
}

const described = ({ id, arn, domainName, lastModified, config, status, etag }: Deployed) => ({
  Distribution: {
    Id: id,
    ARN: arn,
    Status: status,
    LastModifiedTime: lastModified,
    InProgressInvalidationBatches: 0,
    DomainName: domainName,
    ActiveTrustedSigners: { Enabled: false, Quantity: 0 },
    ActiveTrustedKeyGroups: { Enabled: false, Quantity: 0 },
    DistributionConfig: config,
  },
  ETag: etag,
});
