import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { synthesize } from "../main";

const PROJECT_ROOT = join(__dirname, "..");
const TSX = pathToFileURL(require.resolve("tsx")).href;

/** A clock two years ahead. */
const OTHER_CLOCK = `data:text/javascript,${encodeURIComponent(`
  const ahead = 2 * 365 * 86_400_000, RealDate = Date, now = Date.now;
  globalThis.Date = class extends RealDate {
    constructor(...args) { super(...(args.length === 0 ? [now() + ahead] : args)); }
    static now() { return now() + ahead; }
  };`)}`;

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly root?: string;
  readonly cwd: string;
  readonly env?: Record<string, string>;
  readonly imports?: readonly string[];
}

function run({ root = PROJECT_ROOT, cwd, env = {}, imports = [] }: RunOptions): Promise<Run> {
  const flags = [TSX, ...imports].flatMap((module) => ["--import", module]);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...flags, join(root, "main.ts")],
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

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "main test ")));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("two synths of one tree are byte-identical, whatever the folder, the clock, the time zone or the working directory", async () => {
  const copy = join(folder, "a copy");
  for (const part of ["main.ts", "stack", "functions", "policies", "cdktf.json", "package.json"]) {
    cpSync(join(PROJECT_ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(copy, "node_modules"));
  const outdir = join(folder, "deep", "cdktf.out");

  const [here, there] = await Promise.all([
    run({ cwd: PROJECT_ROOT, env: { CDKTF_OUTDIR: outdir, TZ: "Pacific/Auckland" } }),
    run({ root: copy, cwd: folder, env: { TZ: "America/Los_Angeles" }, imports: [OTHER_CLOCK] }),
  ]);

  expect(here).toMatchObject({ code: 0, stderr: "" });
  expect(there).toEqual({ code: 0, stderr: "", stdout: "Synthesized a copy/cdktf.out/stacks/profile-image\n" });
  const [ours, theirs] = [filesOf(outdir), filesOf(join(copy, "cdktf.out"))];
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

describe("a user's mistake ends in one sentence and exit 1, and nothing is written", () => {
  test.each([
    [
      "an unknown setting",
      '{"bucket": "photos"}',
      /^cdktf\.json: the setting "bucket" is not known \(given "photos"\); known are region, .*\n$/,
    ],
    [
      "a wrong type",
      '{"thumbnail": {"width": "wide"}}',
      'cdktf.json: the setting "thumbnail.width" must be a whole number of pixels from 1 to 4096 (given "wide")\n',
    ],
    ["a context that is no JSON", "{", /^CDKTF_CONTEXT_JSON is not valid JSON: .*\n$/],
    ["a context that is no object", "[]", "CDKTF_CONTEXT_JSON must be a JSON object (given [])\n"],
  ])("%s", async (name, context, sentence) => {
    const outdir = join(folder, name);
    const { code, stdout, stderr } = await run({
      cwd: folder,
      env: { CDKTF_CONTEXT_JSON: context, CDKTF_OUTDIR: outdir },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toEqual(sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence);
    expect(existsSync(outdir)).toBe(false);
  });
});

test("importing the app synthesizes nothing", () => {
  expect(synthesize).toEqual(expect.any(Function));
});
