// Level 1, offline: Terraform and its provider plan the stack with every setting, while the provider's answers are made up.
// https://developer.hashicorp.com/terraform/language/tests/mocking

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RULES } from "../../stack/settings/rules";
import { EVERYTHING, SINGLE, TOGETHER } from "./contexts";
import { must, run } from "./run";
import { type Context, synthesize } from "./stacks";
import { TERRAFORM } from "./tools";

/** OpenTofu makes up at once what Terraform leaves unknown until it applies, and the provider judges it: ARNs must be some. */
const ARNS = {
  aws_iam_role: "arn:aws:iam::111122223333:role/a-role",
  aws_sns_topic: "arn:aws:sns:eu-west-1:111122223333:a-topic",
  aws_kms_key: "arn:aws:kms:eu-west-1:111122223333:key/a-key",
  aws_s3_bucket: "arn:aws:s3:::a-bucket",
  aws_dynamodb_table: "arn:aws:dynamodb:eu-west-1:111122223333:table/a-table",
  aws_lambda_function: "arn:aws:lambda:eu-west-1:111122223333:function:a-function",
  aws_cloudwatch_log_group: "arn:aws:logs:eu-west-1:111122223333:log-group:a-group",
  aws_ssm_parameter: "arn:aws:ssm:eu-west-1:111122223333:parameter/a-parameter",
};

/** A table as the provider finds it: one of the right kind, but for what is given. */
const tableWith = (others: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    hash_key: "id",
    range_key: "",
    attribute: [{ name: "id", type: "N" }],
    stream_view_type: "NEW_AND_OLD_IMAGES",
    ...others,
  });

/** What the provider would find: an account, and a table of the right kind. */
const MOCKS = `
mock_provider "aws" {
${Object.entries(ARNS)
  .map(([type, arn]) => `  mock_resource "${type}" {\n    defaults = { arn = "${arn}" }\n  }`)
  .join("\n")}
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::their-photos" }
  }
  mock_data "aws_dynamodb_table" {
    defaults = ${tableWith()}
  }
}
`;

interface Case {
  readonly title: string;
  readonly context: Context;
  /** @default "a-key" */
  readonly key?: string;
  /** How an existing table that Terraform finds differs from one of the right kind. */
  readonly table?: Readonly<Record<string, unknown>>;
  /** What must refuse the plan, such as a variable. */
  readonly refusedBy?: string;
}

const TABLE = "data.aws_dynamodb_table.user_profile";
const STRING_IDS = { attribute: [{ name: "id", type: "S" }] };
const existing = (title: string, table: Case["table"]): Case => ({
  title,
  context: { existingTable: "their-people" },
  table,
  refusedBy: TABLE,
});

const cases: Case[] = [
  ...[...SINGLE, ...TOGETHER, EVERYTHING].map((context) => ({
    title: `plans ${JSON.stringify(context)}`,
    context,
    table: "existingTable" in context && "profileId" in context ? STRING_IDS : undefined,
  })),
  { title: "refuses an empty key of TinyPNG", context: {}, key: "", refusedBy: "var.tinypng_key" },
  { title: "refuses a blank key of TinyPNG", context: {}, key: " ", refusedBy: "var.tinypng_key" },
  existing("refuses an existing table of string ids", STRING_IDS),
  {
    ...existing("takes an existing table of string ids where they are wanted", STRING_IDS),
    context: { existingTable: "their-people", profileId: "string" },
    refusedBy: undefined,
  },
  {
    title: "refuses an existing table of numbers where string ids are wanted",
    context: { existingTable: "their-people", profileId: "string" },
    refusedBy: TABLE,
  },
  existing("refuses an existing table with a range key", {
    range_key: "at",
    attribute: [
      { name: "id", type: "N" },
      { name: "at", type: "S" },
    ],
  }),
  existing("refuses an existing table of another hash key", { hash_key: "name" }),
  existing("refuses an existing table without the stream", { stream_view_type: "" }),
];

const name = (index: number) => `case_${index}`;

function testOf({ key = "a-key", table, refusedBy }: Case, index: number): string {
  const override =
    table === undefined ? "" : `\n  override_data {\n    target = ${TABLE}\n    values = ${tableWith(table)}\n  }`;
  const refusal = refusedBy === undefined ? "" : `\n  expect_failures = [${refusedBy}]`;
  return `
run "${name(index)}" {
  command = plan
  module {
    source = "./stacks/${name(index)}"
  }
  variables {
    tinypng_key = ${JSON.stringify(key)}
  }${override}${refusal}
}
`;
}

interface Message {
  readonly type: string;
  readonly "@testrun"?: string;
  readonly test_run?: { readonly run: string; readonly status?: string };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
}

let messages: readonly Message[];
const folder = mkdtempSync(join(tmpdir(), "settings test "));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  for (const [index, { context }] of cases.entries()) {
    const directory = await synthesize(context, join(folder, "out"));
    cpSync(directory, join(folder, "stacks", name(index)), { recursive: true });
  }
  writeFileSync(join(folder, "main.tf"), "");
  // A file each: within a file Terraform skips what comes after a failure.
  for (const [index, each] of cases.entries()) {
    writeFileSync(join(folder, `${name(index)}.tftest.hcl`), MOCKS + testOf(each, index));
  }
  await must(TERRAFORM, ["init", "-input=false"], { cwd: folder });
  const { stdout } = await run(TERRAFORM, ["test", "-json"], { cwd: folder });
  messages = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
});

it.each(cases.map(({ title }, index) => ({ title, run: name(index) })))("$title", ({ run }) => {
  const complaints = messages
    .filter(({ diagnostic, ...message }) => diagnostic?.severity === "error" && message["@testrun"] === run)
    .map(({ diagnostic }) => `${diagnostic?.summary}: ${diagnostic?.detail}`);
  const status = messages.findLast(({ test_run }) => test_run?.run === run)?.test_run?.status;
  expect({ complaints, status }).toEqual({ complaints: [], status: "pass" });
});

test("every setting is among them", () => {
  const settings = new Set(SINGLE.flatMap((context) => Object.keys(context)));
  expect([...settings].sort()).toEqual(Object.keys(RULES).sort());
});
