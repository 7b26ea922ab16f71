import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../main";
import { UserError } from "../stack/user-error";
import { APP_PARTS } from "./app-parts";
import { synthesizedStack } from "./pipeline";

const PROJECT_ROOT = join(__dirname, "..");
const TYPESCRIPT = join(PROJECT_ROOT, "cli", "typescript.js");

/** A clock two years ahead. */
const OTHER_CLOCK = `
  const ahead = 2 * 365 * 86_400_000, RealDate = Date, now = Date.now;
  globalThis.Date = class extends RealDate {
    constructor(...args) { super(...(args.length === 0 ? [now() + ahead] : args)); }
    static now() { return now() + ahead; }
  };`;

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly root?: string;
  readonly cwd: string;
  readonly env?: Record<string, string>;
  readonly preloaded?: readonly string[];
  readonly args?: readonly string[];
}

function run({ root = PROJECT_ROOT, cwd, env = {}, preloaded = [], args = [] }: RunOptions): Promise<Run> {
  const flags = [TYPESCRIPT, ...preloaded].flatMap((module) => ["-r", module]);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...flags, join(root, "main.ts"), ...args],
      { cwd, env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** Every file below a folder, path → content. */
const filesOf = (directory: string): Record<string, Buffer> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [file.slice(directory.length + 1), readFileSync(file)]),
  );

// Each run of the app is a process of its own: on a busy machine that takes its time.
jest.setTimeout(60_000);
// Not in beforeAll, which concurrent tests do not wait for.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "main test ")));
afterAll(() => rmSync(folder, { recursive: true }));

/** A checkout of its own, with a space in its path. */
function copyProject(name: string): string {
  const copy = join(folder, name);
  for (const part of APP_PARTS) {
    cpSync(join(PROJECT_ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

test("two synths of one tree are byte-identical, whatever the folder, the clock, the time zone or the working directory", async () => {
  const copy = copyProject("a copy");
  const clock = join(folder, "clock.cjs");
  writeFileSync(clock, OTHER_CLOCK);

  const there = await run({ root: copy, cwd: folder, env: { TZ: "America/Los_Angeles" }, preloaded: [clock] });

  expect(there).toEqual({ code: 0, stderr: "", stdout: "Synthesized a copy/cdktf.out/stacks/profile-image\n" });
  // global-setup.ts synthesized with CDKTF_OUTDIR, in this folder and in Auckland's time.
  const [ours, theirs] = [filesOf(join(synthesizedStack(), "..", "..")), filesOf(join(copy, "cdktf.out"))];
  expect(Object.keys(ours).map((file) => file.replace(/[0-9A-F]{32}/, "<hash>"))).toEqual([
    "manifest.json",
    "stacks/profile-image/assets/create_thumbnail_bundle/<hash>/CreateThumbnail.zip",
    "stacks/profile-image/assets/set_profile_image_bundle/<hash>/SetProfileImage.zip",
    "stacks/profile-image/cdk.tf.json",
  ]);
  expect(Object.keys(theirs)).toEqual(Object.keys(ours));
  for (const [file, content] of Object.entries(ours)) expect(theirs[file]?.equals(content)).toBe(true);

  const json = String(ours["stacks/profile-image/cdk.tf.json"]);
  expect(json).not.toContain(PROJECT_ROOT);
  expect(json).not.toContain(folder);
  expect(json).not.toMatch(/\b\d{12}\b/);
  expect(JSON.parse(json).terraform.backend.local.path).toBe("../../../terraform.profile-image.tfstate");
});

describe("a user's mistake", () => {
  test.each([
    [
      "an unknown setting",
      '{"bucket": "photos"}',
      'the setting "bucket" is not known (given "photos") (did you mean "bucketName"',
    ],
    ["a wrong type", '{"region": 7}', 'the setting "region" must be an AWS region such as eu-west-1 (given 7)'],
    [
      "another folder for uploads",
      '{"uploadPrefix": ""}',
      'CDKTF_CONTEXT_JSON: the setting "uploadPrefix" is not known',
    ],
    ["a context that is not JSON", "{", "CDKTF_CONTEXT_JSON is not valid JSON: "],
    ["a context that is not an object", "[]", "CDKTF_CONTEXT_JSON must be a JSON object (given [])"],
  ])("such as %s is named before anything is written", async (name, context, message) => {
    const outdir = join(folder, name);
    Object.assign(process.env, { CDKTF_CONTEXT_JSON: context, CDKTF_OUTDIR: outdir });
    try {
      const mistake = await synthesize().catch((error: unknown) => error);
      expect(mistake).toBeInstanceOf(UserError);
      expect(String(mistake)).toContain(message);
      expect(existsSync(outdir)).toBe(false);
    } finally {
      delete process.env.CDKTF_CONTEXT_JSON;
      delete process.env.CDKTF_OUTDIR;
    }
  });

  test("in a function's source is told by its place, before anything is written", async () => {
    const root = copyProject("a broken copy");
    writeFileSync(join(root, "functions", "create-thumbnail.ts"), "export const handler = (;\n");
    expect(await run({ root, cwd: folder })).toEqual({
      code: 1,
      stdout: "",
      stderr: 'The functions cannot be bundled: functions/create-thumbnail.ts:1:25: Unexpected ";"\n',
    });
    expect(existsSync(join(root, "cdktf.out"))).toBe(false);
  });

  test.concurrent("ends in one sentence and exit 1", async () => {
    const { code, stdout, stderr } = await run({ cwd: folder, args: ["--output"] });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe('The argument "--output" is not known; only --help is\n');
  });
});

test.concurrent("--help says what comes out and where", async () => {
  const { code, stdout } = await run({ cwd: folder, args: ["--help"] });
  expect(code).toBe(0);
  expect(stdout).toContain("cdktf.out/stacks/profile-image");
});

test("importing the app synthesizes nothing", () => {
  expect(synthesize).toEqual(expect.any(Function));
});
