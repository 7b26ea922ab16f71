// Runs a public suite of Python's against an endpoint, in a virtual environment of its own, and judges what it reports
// by the list of tests that are known not to pass. Python 3.10 or newer runs it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { judge, readKnownFailures, resultsOf, type TestCase } from "./judge";

const VIRTUAL_ENVIRONMENT = join(__dirname, "..", "..", "build", "suites");
const PYTHON = join(VIRTUAL_ENVIRONMENT, "bin", "python3");

export interface Suite {
  /** The folder with the suite's sources. */
  readonly sources: string;
  /** What pytest is told beside the report; the user's own arguments come after it. */
  readonly options: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where the report is written. */
  readonly folder: string;
  /** The list, beside this file. */
  readonly knownFailures: string;
  /** What the list calls a test, if not by its name alone. */
  readonly nameOf?: (test: TestCase) => string;
}

/** The folder that a variable names. Ends with a sentence when what proves the suite is not in it. */
export function sourcesNamedBy(variable: string, proof: string, repository: string): string {
  const { [variable]: sources = "" } = process.env;
  if (existsSync(join(sources, proof))) return sources;
  return missing(`${variable} must name a folder with ${repository} (given ${JSON.stringify(sources)}).`);
}

/** Installs what the suites need; ends with a sentence where that cannot be. */
export async function preparePython(): Promise<void> {
  if ((await run("python3", ["-m", "venv", VIRTUAL_ENVIRONMENT])) !== 0) {
    missing('"python3 -m venv" cannot be run: install Python 3.10 or newer with its venv module.');
  }
  const requirements = join(__dirname, "requirements.txt");
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
  if ((await run(PYTHON, install)) !== 0) missing("pip could not install what the tests need.");
}

/** Runs the suite, says what is not as the list says, and sets the exit code. */
export async function judgeSuite({ sources, options, env, folder, knownFailures, nameOf }: Suite): Promise<void> {
  const report = join(folder, "report.xml");
  const all = ["-q", "--tb=no", "-p", "no:cacheprovider", `--junitxml=${report}`, ...options, ...process.argv.slice(2)];
  const code = await run(PYTHON, ["-m", "pytest", ...all], sources, {
    PYTHONPATH: __dirname,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONWARNINGS: "ignore",
    ...env,
  });
  // 0 and 1: all tests ran, and some may have failed.
  if (code > 1) throw new Error(`pytest ended with ${code}`);
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@" });
  const results = resultsOf(parser.parse(readFileSync(report, "utf8")), nameOf);
  const known = readKnownFailures(readFileSync(join(__dirname, knownFailures), "utf8"));
  const { passed, unexpected, outdated, ...rest } = judge(results, known);
  console.log(`${passed} of ${results.size} pass; ${rest.known} are known not to.`);
  for (const name of unexpected) console.log(`${name} fails, and is not on the list`);
  for (const name of outdated) console.log(`${name} is on the list, and does not fail`);
  process.exitCode = unexpected.length + outdated.length === 0 ? 0 : 1;
}

async function run(command: string, args: readonly string[], cwd?: string, env = {}): Promise<number> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "close");
  return Number(code);
}

/** Ends with a sentence where something is missing: 2, as it is not a failure of a test. */
function missing(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}
