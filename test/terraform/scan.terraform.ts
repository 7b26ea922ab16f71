// What scanners that nobody here wrote say of the plan is what docs/security.md accepts, no more and no less.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acceptedUnder, accepts, isMeant } from "./accepted-findings";
import { EVERYTHING } from "./contexts";
import { type Emulator, startMiniStack } from "./emulators";
import { checkov, type Finding, installScanners, type JudgedPolicies, parliament, trivy } from "./scanners";
import type { Context } from "./stacks";
import { Workspace } from "./workspace";

/** Each of another stage, so that all stand in one account. */
const STACKS: Readonly<Record<string, Context>> = {
  defaults: {},
  development: { stage: "dev" },
  public: { stage: "public", publicBucket: true },
  delivered: { stage: "delivered", delivery: "cloudfront" },
  everything: { ...EVERYTHING, stage: "everything" },
};
const NAMES = Object.keys(STACKS);
const SCANNED = acceptedUnder("Accepted findings");
const JUDGED = acceptedUnder("Policies");

const folder = mkdtempSync(join(tmpdir(), "scan "));
const workspaces: Workspace[] = [];
let emulator: Emulator;
let findings: readonly Finding[];
let policies: JudgedPolicies;

/**
 * Plans a stack when there is nothing yet, which is what a reviewer sees and scans, and when it stands, which leaves
 * nothing of it unknown.
 */
async function planTwice(name: string): Promise<void> {
  const workspace = new Workspace(emulator);
  workspaces.push(workspace);
  await workspace.configure(STACKS[name] ?? {});
  await workspace.plan();
  writeFileSync(first(name), JSON.stringify(await workspace.planJson()));
  await workspace.apply();
  await workspace.plan();
  writeFileSync(standing(name), JSON.stringify(await workspace.planJson()));
}

const first = (name: string) => join(folder, "first", `${name}.json`);
const standing = (name: string) => join(folder, "standing", `${name}.json`);

beforeAll(async () => {
  mkdirSync(join(folder, "first"));
  mkdirSync(join(folder, "standing"));
  emulator = await startMiniStack();
  await Promise.all([installScanners(), ...NAMES.map(planTwice)]);
  // Of what is not known yet Trivy says one thing or another, from run to run.
  const scans = [checkov([...NAMES.map(first), ...NAMES.map(standing)]), ...NAMES.map((name) => trivy(standing(name)))];
  findings = (await Promise.all(scans)).flat();
  const [everything, delivered] = [await parliament(standing("everything")), await parliament(standing("delivered"))];
  policies = {
    judged: [...everything.judged, ...delivered.judged],
    findings: [...everything.findings, ...delivered.findings],
  };
});

afterAll(async () => {
  await emulator?.stop();
  for (const workspace of workspaces) workspace.remove();
  rmSync(folder, { recursive: true });
});

test.each(NAMES)("%s: every finding is accepted", (name) => {
  const rows = SCANNED.filter((row) => isMeant(row, STACKS[name] ?? {}));
  const found = findings.filter(({ plan }) => plan === name);
  expect(found.filter((finding) => !rows.some((row) => accepts(row, finding)))).toEqual([]);
});

test.each(SCANNED)("is found where it is accepted: $finding", (row) => {
  for (const name of NAMES.filter((each) => isMeant(row, STACKS[each] ?? {}))) {
    const found = findings.filter((finding) => finding.plan === name && accepts(row, finding));
    expect({ name, rules: [...new Set(found.map(({ rule }) => rule))].sort() }).toEqual({
      name,
      rules: [...row.rules].sort(),
    });
    const unseen = row.addresses.filter(
      (address) => !found.some((finding) => accepts({ ...row, addresses: [address] }, finding)),
    );
    expect({ name, unseen }).toEqual({ name, unseen: [] });
  }
});

test("every policy is judged", () => {
  const types = new Set(policies.judged.map((address) => address.split(".")[0]));
  expect([...types].sort()).toEqual([
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_kms_key",
    "aws_s3_bucket",
    "aws_s3_bucket_policy",
    "aws_sns_topic",
    "aws_sns_topic_policy",
  ]);
});

test("what is found in policies is accepted", () => {
  expect(policies.findings.filter((finding) => !JUDGED.some((row) => accepts(row, finding)))).toEqual([]);
});

test.each(JUDGED)("is found in policies: $finding", (row) => {
  const found = policies.findings.filter((finding) => accepts(row, finding));
  expect([...new Set(found.map(({ rule }) => rule))].sort()).toEqual([...row.rules].sort());
});
