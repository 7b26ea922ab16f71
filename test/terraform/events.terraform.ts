// The Terraform of docs/events.md, as a reader would copy it: the provider takes it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageAt } from "../docs/markdown";
import { must, run } from "./run";
import { TERRAFORM } from "./tools";

const folder = mkdtempSync(join(tmpdir(), "events "));
afterAll(() => rmSync(folder, { recursive: true }));

const REQUIRED = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "${process.env.TEST_PROVIDER_VERSION}"
    }
  }
}
`;

test("the example of a rule with its log group is valid, and formatted as Terraform formats", async () => {
  const { text = "" } = pageAt("docs/events.md").blocks.find(({ lang }) => lang === "hcl") ?? {};
  writeFileSync(join(folder, "provider.tf"), REQUIRED);
  writeFileSync(join(folder, "events.tf"), `${text}\n`);
  await must(TERRAFORM, ["init", "-input=false"], { cwd: folder });
  await must(TERRAFORM, ["validate"], { cwd: folder });
  expect((await run(TERRAFORM, ["fmt", "-check", "events.tf"], { cwd: folder })).code).toBe(0);
});
