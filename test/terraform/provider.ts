// The AWS provider that judges: the stack's pinned version from the registry, or where that cannot be reached the newest
// in a file-system mirror that this machine has. An older provider does not know all that the stack says; what it does not
// know is listed here and taken out, and nothing else.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must, run } from "./run";
import { TERRAFORM } from "./tools";

export interface Provider {
  readonly version: string;
  /** Terraform's own configuration, which says where providers come from. */
  readonly configurationFile: string;
  /** The mirror that it comes from; absent where it comes from the registry. */
  readonly mirror?: string;
}

/** A stack's JSON, as far as it is rewritten. */
export interface StackJson {
  terraform: { required_providers: { aws: { version: string } }; backend?: unknown };
  resource: Record<string, Record<string, Record<string, unknown>>>;
  [section: string]: unknown;
}

interface Unknown {
  /** The first version that knows it. */
  readonly since: string;
  readonly what: string;
  remove(json: StackJson): void;
}

const REGISTRY = "registry.terraform.io";
const SOURCE = ["hashicorp", "aws"] as const;
/** The folder of the mirror that is made of another one. */
const OWN_MIRROR = "mirror-of-both-registries";

const UNKNOWN: readonly Unknown[] = [
  {
    since: "6.20.0",
    what: "the runtime nodejs24.x",
    remove: ({ resource }) => {
      for (const lambda of Object.values(resource.aws_lambda_function ?? {})) {
        if (lambda.runtime === "nodejs24.x") lambda.runtime = "nodejs22.x";
      }
    },
  },
  {
    since: "6.22.0",
    what: "blocked_encryption_types",
    remove: ({ resource }) => {
      const type = "aws_s3_bucket_server_side_encryption_configuration";
      for (const { rule } of Object.values(resource[type] ?? {})) {
        for (const each of rule as Record<string, unknown>[]) delete each.blocked_encryption_types;
      }
    },
  },
];

/** The stack for another version of the provider. */
export function forProvider(json: StackJson, { version }: Pick<Provider, "version">): StackJson {
  const copy: StackJson = structuredClone(json);
  copy.terraform.required_providers.aws.version = version;
  for (const each of UNKNOWN) if (isOlder(version, each.since)) each.remove(copy);
  return copy;
}

/**
 * Finds a provider.
 * @param pinned the stack's version
 * @param folder for Terraform's configuration
 */
export async function findProvider(pinned: string, folder: string): Promise<Provider> {
  const configurationFile = join(folder, "terraform.rc");
  writeFileSync(configurationFile, "");
  if (await isInstallable(pinned, configurationFile)) return { version: pinned, configurationFile };
  const mirrors = await mirrorsOfThisMachine();
  const newest = mirrors.flatMap(versionsIn).sort((one, other) => compare(other.version, one.version))[0];
  if (newest === undefined) {
    throw new Error(
      `The provider hashicorp/aws ${pinned} cannot be had from the registry, and no folder registry.terraform.io on this machine has another.`,
    );
  }
  const mirror = forBoth(newest, join(folder, OWN_MIRROR));
  writeFileSync(
    configurationFile,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  return { version: newest.version, configurationFile, mirror };
}

/** The same package under both registries' names: OpenTofu asks for hashicorp/aws in its own. */
function forBoth({ mirror, version }: { mirror: string; version: string }, folder: string): string {
  const source = join(...SOURCE, version);
  rmSync(folder, { recursive: true, force: true });
  for (const registry of [REGISTRY, "registry.opentofu.org"]) {
    mkdirSync(join(folder, registry, source), { recursive: true });
    // In a mirror nothing but the package itself may be a link.
    for (const platform of readdirSync(join(mirror, REGISTRY, source))) {
      symlinkSync(join(mirror, REGISTRY, source, platform), join(folder, registry, source, platform));
    }
  }
  return folder;
}

async function isInstallable(version: string, configurationFile: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "provider-"));
  const json = { terraform: { required_providers: { aws: { source: "hashicorp/aws", version } } } };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(json));
  const { code } = await run(TERRAFORM, ["init", "-input=false"], {
    cwd: folder,
    env: { TF_CLI_CONFIG_FILE: configurationFile, CHECKPOINT_DISABLE: "1" },
  });
  rmSync(folder, { recursive: true });
  return code === 0;
}

/** Folders that hold a folder `registry.terraform.io`, as Terraform's mirrors do. */
async function mirrorsOfThisMachine(): Promise<string[]> {
  const skipped = ["/proc", "/sys", "/dev", "/tmp"].flatMap((path) => ["-path", path, "-prune", "-o"]);
  // What Terraform and these tests keep for themselves does not count.
  const own = [".terraform", "plugin-cache", OWN_MIRROR].flatMap((folder) => ["-name", folder, "-prune", "-o"]);
  const find = ["/", ...skipped, ...own, "-type", "d", "-name", REGISTRY, "-print"];
  const { stdout } = await run("find", find);
  return stdout.split("\n").flatMap((path) => (path === "" ? [] : [path.slice(0, -REGISTRY.length - 1)]));
}

/** Unpacked as `<version>/<platform>/`, which is how Terraform reads them without copying. */
function versionsIn(mirror: string): { mirror: string; version: string }[] {
  const folder = join(mirror, REGISTRY, ...SOURCE);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((version) => (/^\d+\.\d+\.\d+$/.test(version) ? [{ mirror, version }] : []));
}

const isOlder = (version: string, other: string): boolean => compare(version, other) < 0;

const compare = (one: string, other: string): number => one.localeCompare(other, "en", { numeric: true });

/** Terraform's version and its platform, for reports. */
export const terraformVersion = async (): Promise<string> =>
  (await must(TERRAFORM, ["version"], { env: { CHECKPOINT_DISABLE: "1" } })).stdout.split("\n")[0] ?? "";
