// What the gate lets through is what the stack makes with every setting, and nothing else.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cdktf } from "@cdktf/provider-aws/package.json";
import { complaintsOf } from "../../stack-gate/check.js";
import known from "../../stack-gate/known.json";
import { ROOT } from "../imports";
import { everyStack, type Json } from "./stacks";

const TEMPLATE = /[$%]\{/;
const REFERENCE = /\$\{(?!var\.)(data\.)?[a-z0-9_]+\.[a-z0-9_]+(\.[a-z0-9_]+)?\}/g;

type Types = Record<string, Record<string, Json>>;

const stacks = everyStack();

describe("what is known", () => {
  it.each(stacks)("lets the stack pass with $context", ({ json }) => {
    expect(complaintsOf(JSON.stringify(json, null, 2))).toEqual([]);
  });

  it.each(["resource", "data"] as const)("is what the stack has of each %s, and no more", (section) => {
    const types: Record<string, Set<string>> = {};
    for (const { json } of stacks) {
      for (const [type, blocks] of Object.entries((json[section] ?? {}) as Types)) {
        types[type] ??= new Set();
        for (const key of Object.values(blocks).flatMap(Object.keys)) types[type].add(key);
      }
    }
    const made = Object.entries(types).map(([type, keys]) => [type, [...keys].sort()]);
    // That they have no arguments, CDKTF does not say.
    if (section === "data") made.push(["aws_caller_identity", []], ["aws_partition", []]);
    expect(known[section]).toEqual(Object.fromEntries(made));
  });

  it("is each expression of the stack but references, where it stands", () => {
    const found: Record<string, string> = {};
    const search = (value: unknown, path: readonly string[]): void => {
      if (typeof value === "string" && TEMPLATE.test(value.replaceAll(REFERENCE, ""))) found[value] = path.join(".");
      if (typeof value !== "object" || value === null) return;
      for (const [key, each] of Object.entries(value)) {
        const isAnyName = Array.isArray(value) || (path.length === 2 && path[0] !== "variable");
        search(each, [...path, isAnyName ? "*" : key]);
      }
    };
    for (const { json } of stacks) search(json, []);
    expect(found).toEqual(known.expressions);
  });

  it("is the variable with the key as the stack makes it, where there is a key", () => {
    for (const { json } of stacks) {
      const hasKey = "aws_ssm_parameter" in (json.resource as Types);
      expect(json.variable).toEqual(hasKey ? known.variable : undefined);
    }
  });

  it("is the provider that the stack is made for", () => {
    const { version } = cdktf.provider;
    expect(known.provider).toEqual({ source: "aws", version });
    const lock = readFileSync(join(ROOT, ".terraform.lock.hcl"), "utf8");
    expect(lock).toContain(`provider "registry.terraform.io/hashicorp/aws" {\n  version     = "${version}"\n`);
    // A hash of each archive, and one of what is in it, by which Terraform knows it once it is unpacked.
    const hashes = (kind: RegExp) => lock.match(kind)?.length ?? 0;
    expect(hashes(/^ {4}"zh:[0-9a-f]{64}",$/gm)).toBeGreaterThan(10);
    expect(hashes(/^ {4}"h1:[\w+/]{43}=",$/gm)).toBeGreaterThan(10);
  });
});
