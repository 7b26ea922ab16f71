// Bundles the functions with esbuild into one zip each. The bytes depend on the sources and the lock file only: not on
// the clock, the time zone or the folder of the checkout, so that Terraform sees a change only where there is one.

import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
import { UserError } from "./user-error";
import { zip } from "./zip";

/** Where zips and source maps go. Only the zips travel: a map would lengthen each cold start. */
const BUILD_DIRECTORY = join(PROJECT_ROOT, "build");
/** Those of another setting lie apart: somebody may synthesize with each at the same time. */
const BUILD_DIRECTORY_WITH_EVENTS = join(BUILD_DIRECTORY, "events");

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

/**
 * Bundles the functions; rejects with a UserError that says where a source is wrong.
 * @param events whether they send events to EventBridge; without, its client is in no zip
 */
export async function bundleFunctions(events = false): Promise<Bundles> {
  const directory = events ? BUILD_DIRECTORY_WITH_EVENTS : BUILD_DIRECTORY;
  const names: AnyFunctionName[] = events ? [...FUNCTION_NAMES, REPORT_FAILURE] : [...FUNCTION_NAMES];
  const { outputFiles, warnings } = await bundle({
    ...OPTIONS,
    outdir: directory,
    entryPoints: Object.fromEntries(names.map((name) => [name, `functions/${fileNameOf(name)}.ts`])),
    define: { "process.env.PHOTO_EVENTS": JSON.stringify(events ? "on" : "off") },
  });
  for (const warning of await formatMessages(warnings, { kind: "warning" })) process.stderr.write(warning);
  mkdirSync(directory, { recursive: true });
  const bundles = names.map((name) => [name, pack(directory, name, outputFiles)] as const);
  return Object.fromEntries(bundles) as Bundles;
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

function pack(directory: string, name: AnyFunctionName, files: readonly OutputFile[]): Bundle {
  const contents = (extension: string): Uint8Array => {
    const file = files.find(({ path }) => path === join(directory, `${name}${extension}`));
    if (file === undefined) throw new Error(`esbuild wrote no ${name}${extension}`);
    return file.contents;
  };
  const archive = zip({ "index.mjs": contents(".mjs") });
  const zipFile = join(directory, `${name}.zip`);
  writeAtomically(zipFile, archive);
  writeAtomically(join(directory, `${name}.mjs.map`), contents(".mjs.map"));
  return { zipFile, codeSha256: createHash("sha256").update(archive).digest("base64") };
}

/** Another process that bundles or reads at the same time sees the old file or the new one, never half of one. */
function writeAtomically(file: string, content: Uint8Array): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}
