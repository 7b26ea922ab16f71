// What lies in the folder that Terraform is started in: only what comes from the synthesis, and what Terraform puts there.

import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { complaintsOfFolder } from "../../stack-gate/folder.js";
import { makeStackFolder, type StackFolder } from "./stack-folder";
import { stackOf } from "./stacks";

let folder: StackFolder;
beforeEach(() => {
  folder = makeStackFolder();
});
afterEach(() => folder.remove());

it("is refused with the state file of another stage", () => {
  folder.put("cdk.tf.json", JSON.stringify(stackOf({ stage: "test" })));
  expect(complaintsOfFolder(folder.path, { isFresh: false, stage: "test" })).toEqual([]);
  for (const stage of ["", "prod"]) {
    expect(complaintsOfFolder(folder.path, { isFresh: false, stage })).toEqual([
      expect.stringContaining('(it is in "../../../terraform.profile-image-test.tfstate")'),
    ]);
  }
});

it("is refused with what Terraform would read besides, whatever is in it", () => {
  const read = ["evil.tf", "evil.tofu", "evil.tofu.json", "evil.tf.json", "override.tf", "override.tf.json"];
  read.push("unprotect_override.tf.json", "terraform.tfvars", "terraform.tfvars.json", "x.auto.tfvars");
  read.push("x.auto.tfvars.json", "x_override.tf");
  for (const name of read) folder.put(name, "{}");
  folder.put("terraform.d/plugins/x", "");
  folder.put("assets/x/evil.sh", "");
  symlinkSync("/etc/passwd", join(folder.path, "assets", "passwd.zip"));
  const refused = [...read, "terraform.d"].map(
    (each) => `"${each}": nothing of that name comes from the synthesis; remove it`,
  );
  expect(complaintsOfFolder(folder.path, { isFresh: false, stage: "" }).sort()).toEqual(
    [...refused, '"assets/passwd.zip": is not a zip', '"assets/x/evil.sh": is not a zip'].sort(),
  );
});

it("is refused once init has found a provider that the state asks for", () => {
  const lock = (...names: string[]) => names.map((name) => `provider "${name}" {\n  version = "1.0.0"\n}\n`).join("\n");
  const aws = ["registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"];
  folder.put(".terraform.lock.hcl", lock(...aws));
  expect(complaintsOfFolder(folder.path, { isFresh: false, stage: "" })).toEqual([]);
  folder.put(".terraform.lock.hcl", lock(...aws, "registry.opentofu.org/evil/aws"));
  expect(complaintsOfFolder(folder.path, { isFresh: false, stage: "" })).toEqual([
    '.terraform.lock.hcl: has the provider "registry.opentofu.org/evil/aws", which the stack does not: is its state another one?',
  ]);
});

it("may hold what Terraform and its user have put there, but not where it has come fresh", () => {
  folder.put(".terraform.lock.hcl", "");
  folder.put(".terraform/providers/x", "");
  folder.put("plan", "");
  folder.put("errored.tfstate", "{}");
  expect(complaintsOfFolder(folder.path, { isFresh: false, stage: "" })).toEqual([]);
  expect(
    complaintsOfFolder(folder.path, { isFresh: true, stage: "" })
      .map((each) => each.split(":")[0])
      .sort(),
  ).toEqual(['".terraform"', '".terraform.lock.hcl"', '"errored.tfstate"', '"plan"']);
});
