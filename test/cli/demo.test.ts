import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { demoCommand } from "../../cli/demo";
import { runDemo } from "../../cli/demo-run";
import { createProgram } from "../../cli/program";
import { startCommand } from "../../cli/start";
import { readPhoto } from "../../operations/photos";
import { version } from "../../package.json";
import { samplePhoto } from "../../pipeline/sample-photos";
import { readContext } from "../../stack/context";
import { readSettings } from "../../stack/settings";
import { synthesizedStack } from "../pipeline";
import { createPlace, descendantsOf, PROJECT_ROOT, untilGone } from "./command";
import { expectMistake, runCommand } from "./run";

const place = createPlace();
const photo = `demo-test-${process.pid}.jpg`;
const output = join(PROJECT_ROOT, "demo-output", `1-${photo}`);
copyFileSync(join(PROJECT_ROOT, "samples", "viper.jpg"), join(place.folder, photo));
copyFileSync(join(place.folder, photo), join(place.folder, "photo.psd"));
writeFileSync(join(place.folder, "text.jpg"), "this is not a photo");
mkdirSync(join(place.folder, "folder.jpg"));
// Each command is a process, or several: on a busy machine that takes its time.
jest.setTimeout(60_000);
afterAll(async () => {
  await place.close();
  rmSync(output, { force: true });
});

describe("npm run demo", () => {
  it("sends a photo through the whole pipeline, saves its thumbnail, and leaves nothing behind", async () => {
    const older = `${output}.older`;
    mkdirSync(dirname(older), { recursive: true });
    writeFileSync(older, "a thumbnail of an earlier run");
    const { code, stdout, stderr } = await place.run(["demo", photo, "--json"]);
    expect(existsSync(older)).toBe(false);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout)).toEqual({
      photos: [
        {
          photo,
          profileId: "1",
          original: `original/1/${photo}`,
          thumbnail: `thumbnails/1/${photo}`,
          width: 100,
          height: 150,
          ms: expect.any(Number),
        },
      ],
      totalMs: expect.any(Number),
    });
    // The functions' steps are those of the photo alone: the sample profiles were in the table before.
    expect(stderr).toMatch(
      /600×900 → 100×150 +\d+ ms: upload \d+, SetProfileImage \d+ \(cold\), CreateThumbnail \d+\n/,
    );
    expect(stderr).toMatch(
      /Warm, from upload to thumbnail \(the sample viper\.jpg, 600×900, 259 kB\): median \d+ ms of 9\.\n$/,
    );
    expect(stderr).not.toContain("\r");
    const { width, height } = await sharp(output).metadata();
    expect({ width, height }).toEqual({ width: 100, height: 150 });
    expect(place.temporaryFiles()).toEqual([]);
    // What the user deploys is not touched, wherever it lies.
    expect(existsSync(join(place.folder, "cdktf.out"))).toBe(false);
  });

  it("stopped by the user, says so and leaves nothing behind", async () => {
    const running = place.start(["demo", photo]);
    await running.line("stdout", /^Synthesizing/);
    running.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: "profile-image: stopped by SIGINT before any photo was through\n",
    });
    expect(place.temporaryFiles()).toEqual([]);
  });

  it("with --resizer account resizes in the function; stopped after the first photo, it ends at once and says how far it came", async () => {
    const running = place.start(["demo", photo, photo, "--resizer", "account"]);
    // Which is said of a photo when its profile and thumbnail are verified.
    expect(await running.line("stdout", /^ {2}profile 1/)).toContain("600×900 → 100×150");
    const start = performance.now();
    running.kill("SIGINT");
    const { code, stderr } = await running.ended;
    // A second at most on a machine that has nothing else to do.
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(code).toBe(130);
    expect(stderr).toMatch(/^profile-image: stopped by SIGINT when (1 of 2 photos were|every photo was) through\n$/);
    expect(place.temporaryFiles()).toEqual([]);
  });

  it("stopped while a photo is under way, ends what it started", async () => {
    const before = descendantsOf(process.pid);
    const controller = new AbortController();
    let started: number[] = [];
    const report = {
      say(line: string) {
        if (!line.startsWith("Uploading")) return;
        started = descendantsOf(process.pid).filter((pid) => !before.includes(pid));
        controller.abort("SIGINT");
      },
      wait() {},
    };
    const demo = runDemo({
      stackDirectory: synthesizedStack(),
      photos: [await readPhoto(samplePhoto("viper.jpg"))],
      settings: readSettings(readContext(PROJECT_ROOT)),
      report,
      stop: controller.signal,
      progress: { through: 0, of: 0 },
    });
    await expect(demo).rejects.toBe("SIGINT");
    // The function's, the guard's, and the one that looked.
    expect(started.length).toBeGreaterThanOrEqual(3);
    await untilGone(started);
  });
});

describe("a user's mistake ends in one sentence, before anything starts:", () => {
  const at = (name: string) => join(place.folder, name);

  it.each<[string, readonly string[], string, string?]>([
    ["a photo that is not there", ["nowhere.jpg"], 'the photo "nowhere.jpg" cannot be read (no such file)'],
    ["a folder", [at("folder.jpg")], `the photo "${at("folder.jpg")}" is not a file`],
    [
      "a file that is not an image",
      [at("text.jpg")],
      `the photo "${at("text.jpg")}" is not an image that the pipeline takes: a whole JPEG, PNG, WebP or AVIF (`,
    ],
    [
      "a suffix that starts nothing",
      [at("photo.psd")],
      `the photo "${at("photo.psd")}" would start nothing: the pipeline takes uploads that end in .jpg`,
    ],
    ["an unknown option", ["--fast"], "unknown option '--fast'"],
    [
      "an unknown setting",
      [],
      'the setting "bucket" is not known (given "photos") (did you mean "bucketName" or "existingBucket" or "publicBucket"?); known are region,',
      '{"bucket":"photos"}',
    ],
    [
      "a setting of a wrong type",
      [],
      'the setting "region" must be an AWS region such as eu-west-1 (given 7)',
      '{"region":7}',
    ],
  ])("%s", async (_what, args, message, context = "{}") => {
    process.env.CDKTF_CONTEXT_JSON = context;
    try {
      await expectMistake(demoCommand(), args, message);
    } finally {
      delete process.env.CDKTF_CONTEXT_JSON;
    }
  });

  it("of several photos all that is wrong is said at once", async () => {
    const { error } = await runCommand(demoCommand(), "a.jpg", at("photo.psd"), "b.jpg", at("text.jpg"));
    expect(error?.split("\n")).toEqual([
      "3 mistakes, so nothing was started:",
      "  each of 2 photos cannot be read (no such file):",
      '    "a.jpg"',
      '    "b.jpg"',
      expect.stringContaining(`the photo "${at("text.jpg")}" is not an image`),
      expect.stringContaining(`the photo "${at("photo.psd")}" would start nothing`),
    ]);
  });

  it("the process then prints that sentence alone, and exits with 1", async () => {
    expect(await place.run(["demo", "nowhere\u001b[2J\u202e.jpg"])).toEqual({
      code: 1,
      stdout: "",
      stderr:
        'profile-image: the photo "nowhere\\x1b[2J\\u202e.jpg" cannot be read (no such file); nothing was started\n',
    });
  });

  it("so for an option", async () => {
    expect(await place.run(["demo", "--fast\u009b2J"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "error: unknown option '--fast\\x9b2J'\n",
    });
  });
});

test("--version says that of the package", () => {
  expect(createProgram().version()).toBe(version);
});

describe("--help says what can be given:", () => {
  it("which commands there are", () => {
    const help = createProgram().helpInformation();
    for (const name of ["demo", "start", "failures", "redrive", "backfill", "chaos", "plan", "deploy", "destroy"]) {
      expect(help).toMatch(new RegExp(`^  ${name} `, "m"));
    }
  });

  it.each([
    [demoCommand(), ["[photos...]", "--json", "demo-output/"]],
    [startCommand(), ["--port <number>", "--stack <directory>", "--json"]],
  ])("what $name takes", (command, words) => {
    for (const word of words) expect(command.helpInformation()).toContain(word);
  });
});
