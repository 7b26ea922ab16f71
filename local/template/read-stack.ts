// Reads the synthesized stack of a directory, cdk.tf.json, and takes it apart: region, variables, data sources,
// resources and outputs. Whatever Terraform would do that the embedded AWS doesn't, is refused here by name.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, StackError } from "./stack-error";

/** A resource or data source block of the stack. */
export interface Block {
  /** Such as `aws_s3_bucket.images` or `data.aws_caller_identity.current`. */
  readonly address: string;
  readonly type: string;
  /** The arguments as written, with `${…}` unresolved. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Terraform's own block, apart because its conditions are expressions that reach beyond references. */
  readonly lifecycle: Readonly<Record<string, unknown>>;
}

/** A variable as the stack declares it. */
export interface Variable {
  /** Absent where the stack wants a value from outside. */
  readonly default?: unknown;
  readonly validation?: unknown;
  readonly ephemeral?: unknown;
}

export interface Stack {
  /** Absolute path of the directory; `filename`s are relative to it. */
  readonly directory: string;
  readonly region: string;
  /** Of every resource that has tags. */
  readonly defaultTags: Readonly<Record<string, unknown>>;
  /** By name. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** Those of the variables that Terraform must not keep, as references name them: `var.tinypng_key`. */
  readonly ephemeral: ReadonlySet<string>;
  readonly blocks: readonly Block[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** `removed` is for what an earlier apply made: here there is none. */
const KNOWN_SECTIONS = ["//", "terraform", "provider", "variable", "data", "resource", "removed", "output"];
const META_ARGUMENTS = ["count", "for_each", "provider", "provisioner", "connection"];

/** A stack that makes nothing. */
export const emptyStack = (region: string): Stack => ({
  directory: "",
  region,
  defaultTags: {},
  variables: new Map(),
  ephemeral: new Set(),
  blocks: [],
  outputs: {},
});

/** Reads `<directory>/cdk.tf.json`; throws a StackError that says what is wrong in one sentence. */
export function readStack(directory: string): Stack {
  const file = join(directory, "cdk.tf.json");
  const json = parse(file);
  const unexpected = Object.keys(json).find((section) => !KNOWN_SECTIONS.includes(section));
  if (unexpected !== undefined)
    throw new StackError(`${file} has a section "${unexpected}", which the embedded AWS does not know`);
  const variables = Object.entries(section(json, "variable")).map(
    ([name, body]) => [name, isRecord(body) ? body : {}] as const,
  );
  const { region, defaultTags } = providerOf(json, file);
  return {
    directory,
    region,
    defaultTags,
    variables: new Map(variables),
    ephemeral: new Set(variables.flatMap(([name, body]) => (body.ephemeral === true ? [`var.${name}`] : []))),
    blocks: [...blocksOf(section(json, "data"), "data."), ...blocksOf(section(json, "resource"), "")],
    outputs: Object.fromEntries(
      Object.entries(section(json, "output")).map(([name, body]) => [name, isRecord(body) ? body.value : body]),
    ),
  };
}

function parse(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new StackError(
      `No synthesized stack at ${file} (${(error as NodeJS.ErrnoException).code}); run "npm run synth" first`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new StackError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
  if (!isRecord(json)) throw new StackError(`${file} is not a JSON object`);
  return json;
}

function section(json: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = json[name] ?? {};
  if (!isRecord(value)) throw new StackError(`The section "${name}" of cdk.tf.json is not an object`);
  return value;
}

/** The one provider: its region, and the tags of all that it makes. */
function providerOf(json: Record<string, unknown>, file: string) {
  const providers = section(json, "provider");
  const unexpected = Object.keys(providers).find((name) => name !== "aws");
  if (unexpected !== undefined)
    throw new StackError(`The provider "${unexpected}" is not known to the embedded AWS, only "aws" is`);
  const aws = Array.isArray(providers.aws) ? providers.aws : [providers.aws];
  const [provider] = aws;
  if (aws.length !== 1 || !isRecord(provider) || typeof provider.region !== "string") {
    throw new StackError(`${file} must configure the provider "aws" once, with its region`);
  }
  return { region: provider.region, defaultTags: defaultTagsOf(provider, file) };
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs#default_tags-configuration-block */
function defaultTagsOf({ default_tags: written = [] }: Record<string, unknown>, file: string): Record<string, unknown> {
  const [block = {}, ...more] = Array.isArray(written) ? written : [written];
  const { tags = {}, ...others }: Record<string, unknown> = isRecord(block) ? block : { block };
  if (more.length === 0 && Object.keys(others).length === 0 && isRecord(tags)) return tags;
  throw new StackError(`${file}: "default_tags" must be a block with "tags" (given ${JSON.stringify(written)})`);
}

function blocksOf(types: Record<string, unknown>, prefix: string): Block[] {
  return Object.entries(types).flatMap(([type, named]) =>
    Object.entries(isRecord(named) ? named : {}).map(([name, written]) => {
      const address = `${prefix}${type}.${name}`;
      if (!isRecord(written)) throw new StackError(`${address} is not an object`);
      const { lifecycle = {}, ...body } = written;
      if (!isRecord(lifecycle)) throw new StackError(`${address}: "lifecycle" is not an object`);
      const meta = META_ARGUMENTS.find((argument) => argument in body);
      if (meta !== undefined) throw new StackError(`${address} uses "${meta}", which the embedded AWS does not know`);
      return { address, type: `${prefix}${type}`, body, lifecycle };
    }),
  );
}
