// Bundles the functions with esbuild into one zip each. The bytes depend on the sources and the lock file only: not on
// the clock, the time zone or the folder of the checkout, so that Terraform sees a change only where there is one.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type BuildOptions,
  type BuildResult,
  build,
  formatMessages,
  type Message,
  type OutputFile,
  type Plugin,
} from "esbuild";
import { type AnyFunctionName, FUNCTION_NAMES, type FunctionName, fileNameOf, REPORT_FAILURE } from "./function-names";
import { PROJECT_ROOT } from "./project-root";
import type { Resizer } from "./settings/types";
import { UserError } from "./user-error";
import { zip } from "./zip";

/** Where zips and source maps go. Only the zips travel: a map would lengthen each cold start. */
const BUILD_DIRECTORY = join(PROJECT_ROOT, "build");

/** What the zips depend on, beside the sources. */
export interface BundleSettings {
  /** Whether the functions send events to EventBridge; without, its client is in no zip. */
  readonly events?: boolean;
  /** Who resizes photos; only the zip of CreateThumbnail has libvips, and only with "account". */
  readonly resizer?: Resizer;
}

/** libvips, as its package has it: what esbuild makes of RESIZE_WORKERS loads these from beside itself. */
const VIPS = ["vips-node.mjs", "vips.wasm", "vips-heif.wasm"];
const RESIZE_WORKERS = ["resize-worker", "resize-thread"];

/** tinify requires Node's own modules, which ESM has no `require` for. */
const REQUIRE_IN_ESM = `import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);`;

/** tinify brings its own list of certificate authorities: a third of the bundle, and older than the list of Lambda's Node. */
const NODES_CERTIFICATES: Plugin = {
  name: "nodes-certificates",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]tinify[\\/]lib[\\/]tinify[\\/]cacert\.js$/ }, () => ({
      contents: "exports.CA_CERTS = undefined;",
    }));
  },
};

const OPTIONS = {
  absWorkingDir: PROJECT_ROOT,
  outExtension: { ".js": ".mjs" },
  write: false,
  bundle: true,
  minify: true,
  // A log line names an error by its class: "AccountError" helps, "t" does not.
  keepNames: true,
  platform: "node",
  // Lambda runs Node 24; this target lets the same zip also run on a laptop with the oldest Node this project supports.
  target: "node20",
  // ESM sources first: esbuild drops what is not used of them, which halves the size and the cold start.
  format: "esm",
  mainFields: ["module", "main"],
  alias: { "@aws-sdk/credential-provider-node": "./functions/lib/lambda-credentials.ts" },
  plugins: [NODES_CERTIFICATES],
  banner: { js: REQUIRE_IN_ESM },
  sourcemap: "external",
  sourcesContent: false,
  // The bundle goes to our own account only; licence texts would only be loaded at each cold start.
  legalComments: "none",
  // The sources alone decide, not a tsconfig.json that lies in some folder above.
  tsconfigRaw: {},
  logLevel: "silent",
} satisfies BuildOptions;

/** A function's code, ready for Lambda. */
export interface Bundle {
  /** Absolute path. */
  readonly zipFile: string;
  /** SHA-256 of the zip in base64: what Lambda shows as CodeSha256. */
  readonly codeSha256: string;
}

export type Bundles = Readonly<Record<FunctionName, Bundle>> & {
  /** With `events` alone. */
  readonly [REPORT_FAILURE]?: Bundle;
};

/** Bundles the functions; rejects with a UserError that says where a source is wrong. */
export async function bundleFunctions({ events = false, resizer = "tinypng" }: BundleSettings = {}): Promise<Bundles> {
  // Those of other settings lie apart: somebody may synthesize with each at the same time.
  const directory = join(BUILD_DIRECTORY, ...(events ? ["events"] : []), ...(resizer === "account" ? ["account"] : []));
  const names: AnyFunctionName[] = events ? [...FUNCTION_NAMES, REPORT_FAILURE] : [...FUNCTION_NAMES];
  const entryPoints = Object.fromEntries(names.map((name) => [name, `functions/${fileNameOf(name)}.ts`]));
  const { outputFiles, warnings } = await bundle({
    ...OPTIONS,
    ...(resizer === "account" && RESIZED_IN_ACCOUNT),
    outdir: directory,
    entryPoints: {
      ...entryPoints,
      ...(resizer === "account" &&
        Object.fromEntries(RESIZE_WORKERS.map((name) => [name, `functions/lib/${name}.ts`]))),
    },
    define: { "process.env.PHOTO_EVENTS": JSON.stringify(events ? "on" : "off") },
  });
  for (const warning of await formatMessages(warnings, { kind: "warning" })) process.stderr.write(warning);
  mkdirSync(directory, { recursive: true });
  const bundles = names.map((name) => {
    const beside = resizer === "account" && name === "CreateThumbnail" ? resizerFiles(directory, outputFiles) : {};
    return [name, pack(directory, name, outputFiles, beside)] as const;
  });
  return Object.fromEntries(bundles) as Bundles;
}

/** Takes `resizer.account.ts` for `resizer.ts`, and leaves libvips beside the bundle. */
const RESIZED_IN_ACCOUNT = {
  resolveExtensions: [".account.ts", ".ts", ".js", ".json"],
  alias: { ...OPTIONS.alias, "wasm-vips": "./vips-node.mjs" },
  external: ["./vips-node.mjs"],
};

function resizerFiles(directory: string, files: readonly OutputFile[]): Record<string, Uint8Array> {
  const vips = dirname(require.resolve("wasm-vips/vips.wasm"));
  return {
    ...Object.fromEntries(
      RESIZE_WORKERS.map((name) => [`${name}.mjs`, contentOf(join(directory, `${name}.mjs`), files)]),
    ),
    ...Object.fromEntries(VIPS.map((name) => [name, readFileSync(join(vips, name))])),
  };
}

async function bundle(options: typeof OPTIONS & BuildOptions): Promise<BuildResult<typeof OPTIONS>> {
  try {
    return await build(options);
  } catch (error) {
    const [first] = (error as { errors?: readonly Message[] }).errors ?? [];
    if (first === undefined) throw error;
    throw new UserError(`The functions cannot be bundled: ${describe(first)}`);
  }
}

const describe = ({ location, text }: Message): string =>
  location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;

function pack(
  directory: string,
  name: AnyFunctionName,
  files: readonly OutputFile[],
  beside: Readonly<Record<string, Uint8Array>>,
): Bundle {
  const contents = (extension: string) => contentOf(join(directory, `${name}${extension}`), files);
  const archive = zip({ "index.mjs": contents(".mjs"), ...beside });
  const zipFile = join(directory, `${name}.zip`);
  writeAtomically(zipFile, archive);
  writeAtomically(join(directory, `${name}.mjs.map`), contents(".mjs.map"));
  return { zipFile, codeSha256: createHash("sha256").update(archive).digest("base64") };
}

function contentOf(path: string, files: readonly OutputFile[]): Uint8Array {
  const file = files.find((each) => each.path === path);
  if (file === undefined) throw new Error(`esbuild wrote no ${path}`);
  return file.contents;
}

/** Another process that bundles or reads at the same time sees the old file or the new one, never half of one. */
function writeAtomically(file: string, content: Uint8Array): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}
