// Whatever the stack does not do is refused, each way that Terraform could be made to run or read something else.

import { complaintsOf } from "../../stack-gate/check.js";
import { LAMBDA, planted } from "./stacks";

const ROLE = ["resource", "aws_iam_role", "create_thumbnail_role"];
const KEY = ["variable", "tinypng_key"];
const KEY_VALUE = "${var.tinypng_key}";
const PARAMETER = ["resource", "aws_ssm_parameter", "tinypng_key_parameter"];
const EXEC = [{ "local-exec": { command: "env" } }];

describe("is refused:", () => {
  it.each<[string, (string | number)[], unknown]>([
    ["a provisioner", [...LAMBDA, "provisioner"], EXEC],
    ["a provisioner of another case of the section", ["Resource"], {}],
    ["a connection", [...LAMBDA, "connection"], { host: "evil.example" }],
    ["a resource of another provider", ["resource", "null_resource"], { x: { provisioner: EXEC } }],
    ["a resource of Terraform's own", ["resource", "terraform_data"], { x: { provisioner: EXEC } }],
    ["a resource that an object inherits", ["resource", "constructor"], { x: {} }],
    ["a resource of AWS that the stack does not have", ["resource", "aws_instance"], { x: {} }],
    ["external data", ["data", "external"], { x: { program: ["sh"] } }],
    ["data that lets read secrets", ["data", "aws_ssm_parameter"], { x: { name: "/other" } }],
    ["a module", ["module"], { x: { source: "./x" } }],
    ["locals", ["locals"], { x: '${file("/etc/passwd")}' }],
    ["an ephemeral resource", ["ephemeral"], { aws_ssm_parameter: {} }],
    ["an import", ["import"], [{ to: "aws_s3_bucket.x", id: "x" }]],
    ["a check", ["check"], { x: { data: { http: { x: { url: "https://evil.example" } } } } }],
    ["an action", ["action"], { aws_lambda_invoke: {} }],
    ["another variable", ["variable", "other"], { default: "x" }],
    ["a default of the key", ["variable", "tinypng_key", "default"], "x"],
    ["a key that stays in the state", [...KEY, "ephemeral"], false],
    ["a key that is printed", [...KEY, "sensitive"], false],
    ["a key that may be left out", [...KEY, "nullable"], true],
    ["a key of another type", [...KEY, "type"], "any"],
    ["a key that nothing checks", [...KEY, "validation"], []],
    ["another check of the key", [...KEY, "validation", 0, "error_message"], "${var.tinypng_key}"],
    ["no key", KEY, null],
    ["the key in a name", [...ROLE, "name"], KEY_VALUE],
    ["the key in an environment", [...LAMBDA, "environment", "variables", "X"], KEY_VALUE],
    ["the key in an output", ["output", "bucket", "value"], KEY_VALUE],
    ["the key in a tag", ["provider", "aws", 0, "default_tags"], [{ tags: { x: KEY_VALUE } }]],
    ["the key in the name of its parameter", [...PARAMETER, "name"], KEY_VALUE],
    ["the key's check in an output", ["output", "bucket", "value"], "${length(trimspace(var.tinypng_key)) > 0}"],
    ["the key in a text", [...PARAMETER, "value_wo"], `x${KEY_VALUE}`],
    ["a key in the open", [...PARAMETER, "type"], "String"],
    ["what is in the parameter", ["output", "bucket", "value"], "${aws_ssm_parameter.tinypng_key_parameter.value}"],
    ["all of the parameter", ["output", "bucket", "value"], "${aws_ssm_parameter.tinypng_key_parameter}"],
    ["a condition of a table elsewhere", ["output", "bucket", "value"], '${self.hash_key == "id"}'],
    ["another provider", ["provider", "external"], [{}]],
    ["a second provider", ["provider", "aws", 1], { region: "us-east-1", alias: "x" }],
    ["another place of AWS", ["provider", "aws", 0, "endpoints"], [{ s3: "https://evil.example" }]],
    ["credentials from a process", ["provider", "aws", 0, "shared_config_files"], ["assets/config"]],
    ["another role", ["provider", "aws", 0, "assume_role"], [{ role_arn: "arn:aws:iam::1:role/x" }]],
    ["another version of the provider", ["terraform", "required_providers", "aws", "version"], "6.24.0"],
    ["another source of the provider", ["terraform", "required_providers", "aws", "source"], "evil.example/x/aws"],
    ["a second required provider", ["terraform", "required_providers", "null"], { source: "null" }],
    ["a backend that asks elsewhere", ["terraform", "backend", "http"], { address: "https://evil.example" }],
    ["a state elsewhere on the disk", ["terraform", "backend", "local", "path"], "/home/me/.bashrc"],
    ["a backend's own endpoint", ["terraform", "backend", "s3"], { endpoints: { s3: "https://evil.example" } }],
    ["Terraform Cloud", ["terraform", "cloud"], { organization: "evil" }],
    ["metadata for a provider", ["terraform", "provider_meta"], { aws: {} }],
    ["a list of sections", ["resource"], [{ aws_instance: { x: {} } }]],
    ["a list of resources of a name", LAMBDA, [{ provisioner: EXEC }]],
    ["a function that reads a file", [...ROLE, "name"], '${file("/home/me/.aws/credentials")}'],
    ["one behind a reference", [...ROLE, "name"], '${aws_s3_bucket.images_bucket.arn}${filebase64("x")}'],
    ["one within a text", [...ROLE, "name"], '${"${templatefile("x", {})}"}'],
    ["one in a directive", [...ROLE, "name"], '%{ if fileexists("x") }x%{ endif }'],
    ["one in a key", [...LAMBDA, "environment", '${file("x")}'], "x"],
    ["one in a default tag", ["provider", "aws", 0, "default_tags"], [{ tags: { x: '${file("x")}' } }]],
    ["one of the provider", [...ROLE, "name"], "${provider::aws::arn_parse(1)}"],
    ["the time", [...ROLE, "name"], "${timestamp()}"],
    ["a path of the machine", [...ROLE, "name"], "${path.cwd}"],
    ["a reference to what is not there", [...ROLE, "name"], "${null_resource.x.id}"],
    ["an output of more than a value", ["output", "bucket", "precondition"], {}],
    ["a zip elsewhere", [...LAMBDA, "filename"], "/home/me/.ssh/id_rsa"],
    ["a zip above the folder", [...LAMBDA, "filename"], "assets/../../x.zip"],
    ["code from elsewhere", [...LAMBDA, "image_uri"], "evil.example/x"],
    ["a layer", [...LAMBDA, "layers"], ["arn:aws:lambda:eu-west-1:1:layer:x:1"]],
    ["a lifecycle that starts an action", [...LAMBDA, "lifecycle"], { action_trigger: {} }],
    ["a replacement by what is not there", [...LAMBDA, "lifecycle"], { replace_triggered_by: ["null_resource.x"] }],
    ["a function as a trigger", [...LAMBDA, "lifecycle"], { replace_triggered_by: ['file("x")'] }],
    ["a provisioner of what Terraform keeps", ["resource", "terraform_data", "x"], { provisioner: EXEC }],
    ["to forget more than the stack has", ["removed"], [{ from: "aws_instance.x", lifecycle: { destroy: false } }]],
    ["to destroy by forgetting", ["removed"], [{ from: "aws_s3_bucket.x", lifecycle: { destroy: true } }]],
    ["a provisioner in what is forgotten", ["removed"], [{ from: "aws_s3_bucket.x", provisioner: EXEC }]],
  ])("%s", (_what, path, value) => {
    expect(complaintsOf(planted(path, value))).not.toEqual([]);
  });

  it.each([
    ["a section twice", '{"resource":{"null_resource":{}},"resource":{}}'],
    ["a key twice, in other letters", '{"terraform":{},"terr\\u0061form":{}}'],
    ["a comment of JSON5", "{} // x"],
    ["a list of files", '[{"resource":{}}]'],
    ["no JSON", 'resource "null_resource" "x" {}'],
  ])("%s", (_what, text) => {
    expect(complaintsOf(text)).not.toEqual([]);
  });
});
