// Least privilege, proven: with all that the policies grant every scenario passes, and each single grant (an action of a
// statement on one of its resources) is missed by a scenario when it is taken away.

import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pipeline, startPipeline } from "../../pipeline";
import { loadSampleProfiles } from "../../pipeline/sample-profiles";
import { record, synthesizedStack } from "../pipeline";
import { type Grant, grantsOf, without } from "./grants";
import { SCENARIOS, type ScenarioName } from "./scenarios";

/** Lambda tries the role when the mapping is created: the stack cannot be applied then. */
const MAPPING = "the mapping can be created";
const NEW_INSTANCE = "a new instance writes log lines" satisfies ScenarioName;
const DESTINATION = "Lambda's own on-failure destination delivers when photos are forbidden" satisfies ScenarioName;
/** Instances that have the key do without the grant until TinyPNG refuses it. */
const KEY_REFRESHED = "a new TinyPNG key is taken up" satisfies ScenarioName;
const FORBIDDEN_PHOTOS = "s3:GetObject on images_bucket/original/*";

/** S3 asks this for itself: who may read the tags of an object also learns how many there are. A refusal hurts nobody. */
const TAG_COUNT = "s3:GetObjectTagging";

/** Grant → the scenario that misses it. */
const MISSED_BY: Readonly<Record<string, Readonly<Record<string, ScenarioName | typeof MAPPING>>>> = {
  SetProfileImage: {
    "s3:GetObject on images_bucket/original/*": "a profile is set",
    "s3:ListBucket on images_bucket": "a vanished photo is told from a forbidden one",
    "dynamodb:UpdateItem on user_profile": "a profile is set",
    "logs:CreateLogStream on set_profile_image_log_group:*": NEW_INSTANCE,
    "logs:PutLogEvents on set_profile_image_log_group:*": "log lines are written",
    "s3:PutObject on failures_bucket/*": "a failure is kept",
    "s3:ListBucket on failures_bucket": DESTINATION,
  },
  CreateThumbnail: {
    "dynamodb:DescribeStream on user_profile": MAPPING,
    "dynamodb:GetRecords on user_profile": MAPPING,
    "dynamodb:GetShardIterator on user_profile": MAPPING,
    "dynamodb:ListStreams on *": MAPPING,
    "dynamodb:GetItem on user_profile": "a previous thumbnail is removed",
    "dynamodb:UpdateItem on user_profile": "a profile names its thumbnail",
    "s3:GetObject on images_bucket/original/*": "a thumbnail is stored and tagged",
    "s3:GetObject on images_bucket/thumbnails/*": "a repeated record costs no credit",
    "s3:ListBucket on images_bucket": "a vanished photo is told from a forbidden one",
    "s3:PutObject on images_bucket/thumbnails/*": "a thumbnail is stored and tagged",
    "s3:PutObjectTagging on images_bucket/thumbnails/*": "a thumbnail is stored and tagged",
    "s3:DeleteObject on images_bucket/thumbnails/*": "a previous thumbnail is removed",
    "ssm:GetParameter on tinypng_key_parameter": KEY_REFRESHED,
    "logs:CreateLogStream on create_thumbnail_log_group:*": NEW_INSTANCE,
    "logs:PutLogEvents on create_thumbnail_log_group:*": "log lines are written",
    "s3:PutObject on failures_bucket/*": "a failure is kept",
    "s3:ListBucket on failures_bucket": DESTINATION,
  },
};

const grants = grantsOf(synthesizedStack());
const missedBy = ({ functionName, label }: Grant) => MISSED_BY[functionName]?.[label];
/** With all grants, log lines of the running pipeline prove the new instance too: each of its instances was new once. */
const tries = Object.entries(MISSED_BY).flatMap(([functionName, scenarios]) =>
  [...new Set(Object.values(scenarios))]
    .filter((name) => name !== MAPPING && name !== NEW_INSTANCE)
    .map((name) => ({ functionName, name })),
);

let pipeline: Pipeline;
let profileId = 0;
/** Before there is a profile no function has run: what each does then without a grant that only new instances need. */
const ofNewInstances = new Map<Grant, Tried>();
beforeAll(async () => {
  pipeline = await startPipeline(synthesizedStack(), 0);
  for (const grant of grants.filter((each) => missedBy(each) === NEW_INSTANCE)) {
    ofNewInstances.set(grant, await tryWithout([grant], grant.functionName, NEW_INSTANCE));
  }
  await loadSampleProfiles(pipeline, grants.length + tries.length);
  await pipeline.aws.idle();
});
afterAll(() => pipeline.close());

interface Tried {
  /** Why the scenario is not true. */
  readonly error: unknown;
  /** Actions. */
  readonly refused: readonly unknown[];
}

/** Tries a scenario after some grants are taken from the function's running role; says what IAM refused meanwhile. */
async function tryWithout(taken: readonly Grant[], functionName: string, name: ScenarioName): Promise<Tried> {
  profileId += 1;
  const attempt = await SCENARIOS[name]({ pipeline, functionName, profileId });
  const role = grants.find((grant) => grant.functionName === functionName);
  if (role === undefined) throw new Error(`${functionName} has no grants`);
  const { iam } = pipeline.aws;
  const { policyDocument } = iam.getRolePolicy(role);
  const { activities, stop } = record(pipeline);
  const indexes = [...taken, ...forbiddenFor(functionName, name)].map(({ index }) => index);
  iam.putRolePolicy({ ...role, policyDocument: without(policyDocument, indexes) });
  try {
    const error: unknown = await attempt().then(
      () => undefined,
      (reason) => reason,
    );
    const refused: unknown[] = activities
      .filter(
        ({ service, detail, caller }) =>
          service === "iam" && detail?.decision === "Deny" && caller?.includes(role.roleName),
      )
      .map(({ detail }) => detail?.action);
    return { error, refused: refused.filter((action) => action !== TAG_COUNT) };
  } finally {
    stop();
    iam.putRolePolicy({ ...role, policyDocument });
  }
}

/** What makes the function fail for good in the scenario of the on-failure destination. */
const forbiddenFor = (functionName: string, name: ScenarioName): Grant[] =>
  name === DESTINATION
    ? grants.filter((grant) => grant.functionName === functionName && grant.label === FORBIDDEN_PHOTOS)
    : [];

/** A copy of the synthesized stack whose policy lacks one grant. */
async function inStackWithout<T>(grant: Grant, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "less-privilege-"));
  try {
    const stack = JSON.parse(readFileSync(join(synthesizedStack(), "cdk.tf.json"), "utf8"));
    const policy = stack.resource.aws_iam_role_policy[grant.address.replace("aws_iam_role_policy.", "")];
    policy.policy = without(policy.policy, [grant.index]);
    writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack));
    symlinkSync(join(synthesizedStack(), "assets"), join(directory, "assets"));
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("every grant is missed by a scenario, and every scenario misses a grant that is there", () => {
  const labels = (functionName: string) =>
    grants.filter((grant) => grant.functionName === functionName).map(({ label }) => label);
  expect([...new Set(grants.map(({ functionName }) => functionName))].sort()).toEqual(Object.keys(MISSED_BY).sort());
  for (const [functionName, scenarios] of Object.entries(MISSED_BY)) {
    expect(labels(functionName).sort()).toEqual(Object.keys(scenarios).sort());
  }
});

describe("with all grants", () => {
  it.each(tries)("$functionName: $name", async ({ functionName, name }) => {
    const { error, refused } = await tryWithout([], functionName, name);
    expect(error).toBeUndefined();
    expect(new Set(refused)).toEqual(new Set(name === DESTINATION ? ["s3:GetObject"] : []));
  });
});

describe("it is no longer true, without the grant, that", () => {
  const rows = grants.map((grant) => ({ ...grant, grant, name: missedBy(grant) }));

  it.each(rows.filter(({ name }) => name === MAPPING))("$name: $functionName, $label", ({ grant }) =>
    inStackWithout(grant, async (directory) => {
      await expect(startPipeline(directory, 0)).rejects.toThrow(
        /^aws_lambda_event_source_mapping\.\w+ was refused: .*Cannot access stream/,
      );
    }),
  );

  it.each(rows.filter(({ name }) => name === NEW_INSTANCE))("$name: $functionName, $label", ({ grant }) => {
    const { error, refused } = ofNewInstances.get(grant) ?? {};
    expect(error).toBeDefined();
    expect(refused).toContain(grant.action);
  });

  it.each(rows.filter(({ name }) => name !== MAPPING && name !== NEW_INSTANCE))(
    "$name: $functionName, $label",
    async ({ grant, name }) => {
      const { error, refused } = await tryWithout([grant], grant.functionName, name as ScenarioName);
      expect(error).toBeDefined();
      expect(refused).toContain(grant.action);
    },
  );
});
