// Every mistake that a user of the command line can make on a deployment, and the sentence that answers it. Those of
// demo and start, which need processes of their own, are in their tests.

import { once } from "node:events";
import { truncateSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { explainAwsError } from "../../cli/explain-aws-error";
import { createProgram } from "../../cli/program";
import { NO_IMAGE } from "../../operations/photos";
import type { Pipeline } from "../../pipeline";
import { UserError } from "../../stack/user-error";
import { startTestPipeline } from "../pipeline";
import { createPlace } from "./command";
import { createFiles, HEIC, interlacedPng, jpeg, largePng } from "./photo-files";
import { runCommand } from "./run";

const files = createFiles();
const place = createPlace();
let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startTestPipeline();
  files.write("1.jpg", await jpeg());
  files.write("77.jpg", await jpeg());
  files.write("me.jpg", await jpeg());
  files.write("2.psd", await jpeg());
  files.write("3.jpg", "this is not a photo");
  files.write("4.jpg", (await jpeg()).subarray(0, 500));
  truncateSync(files.write("5.jpg", ""), 64_000_001);
  files.write("6.png", (await interlacedPng()).subarray(0, -100));
  files.write("empty/.DS_Store", "");
  files.write("mixed/1.jpg", await jpeg());
  files.write("mixed/sub/2.jpg", await jpeg());
  files.write("twice/1.jpg", await jpeg());
  files.write("header.csv", "profile,file\n");
  files.write("open.csv", '1,"a.jpg');
  files.write("wrong.csv", "sep=,\nprofile,file\nPete,gone.jpg\n2\n88,1.jpg,more\n,,\n1,moving.jpg,\n");
  files.write("iphone/1.jpg", HEIC);
  files.write("iphone/2.HEIC", HEIC);
  files.write("moving.jpg", Buffer.from("R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==", "base64"));
  files.write("large.png", largePng());
  files.write("Thumbs.db", "");
  files.write("~$1.jpg", "");
  files.write("me.txt", "me");
  files.write("many/1.jpg", await jpeg());
  files.write("many/3.jpg", "no photo");
  for (const name of ["98.psd", "99.psd"]) files.write(`many/${name}`, await jpeg());
  for (const name of ["Thumbs.db", "desktop.ini", ".DS_Store", "._1.jpg", "~$2.jpg"]) files.write(`many/${name}`, "");
  files.write("many/__MACOSX/._3.jpg", "");
});
afterAll(async () => {
  files.remove();
  await place.close();
  await pipeline.close();
});

/** Runs the command line, with `file:` for the folder of files and `embedded` for the pipeline's endpoint. */
async function mistakeOf(line: string): Promise<string | undefined> {
  const program = createProgram();
  const args = line
    .split(" ")
    .map((word) => word.replace("file:", `${files.folder}/`).replace("embedded", pipeline.aws.account.endpoint));
  return (await runCommand(program, ...args)).error?.replaceAll(`${files.folder}/`, "file:");
}

const EMBEDDED = "--endpoint-url embedded";

describe("what cannot be meant is said before anything is asked of AWS:", () => {
  it.each([
    ["uplaod 1.jpg", "unknown command 'uplaod'\n(Did you mean upload?)"],
    ["upload", "missing required argument 'paths'"],
    [
      "upload --timeout soon file:1.jpg",
      "argument 'soon' is invalid. It must be a whole number of seconds from 0 to 99999.",
    ],
    [
      "upload --local --endpoint-url http://127.0.0.1:1 1.jpg",
      "'--local' cannot be used with option '--endpoint-url <url>'",
    ],
    ["upload --stage P! file:1.jpg", 'the setting "stage" must be 1 to 16 lower-case letters'],
    [
      "upload --endpoint-url here file:1.jpg",
      '--endpoint-url must be a URL such as http://127.0.0.1:4566 (given "here")',
    ],
    ["presign file:1.jpg", "required option '--user <id>' not specified"],
    ["presign --user 1", "missing required argument 'photo'"],
    ["presign --user 1 --method GET file:1.jpg", "argument 'GET' is invalid. Allowed choices are PUT, POST."],
    [
      "presign --user 1 --expires-in 604801 file:1.jpg",
      "It must be a whole number of seconds from 1 to 604800 (7 days).",
    ],
    ["thumbnail", "required option '--user <id>' not specified"],
    ["thumbnail --user 1 --expires-in 0", "It must be a whole number of seconds from 1 to 604800 (7 days)."],
    ["profiles --max-items 0", "argument '0' is invalid. It must be a whole number from 1 to 999999."],
    ["profiles 1", "too many arguments for 'profiles'"],
    ["logs Thumbnails", "Allowed choices are SetProfileImage, CreateThumbnail, ReportFailure."],
    ["logs --since yesterday", "argument 'yesterday' is invalid. It must be such as 30s, 10m, 2h, 3d or 1w, or a time"],
    ["redrive", 'say which records to replay: "npm run redrive -- --all" or'],
    ["backfill --rate 0", "It must be a number above 0, at most 100"],
    ["chaos --uploads 0", "It must be a whole number from 1 to 100000."],
  ])("%s", async (line, message) => {
    expect(await mistakeOf(line)).toContain(message);
  });
});

describe("what cannot be uploaded is said before anything is sent:", () => {
  it.each([
    ["upload file:5/1.jpg", 'the photo "file:5/1.jpg" cannot be read (no such file); nothing was sent'],
    ["upload file:nowhere", 'the file "file:nowhere" cannot be read (no such file); nothing was sent'],
    [
      "upload file:me.jpg",
      '"file:me.jpg" does not say whose photo it is: name it after its profile, as in 12.jpg, give --user,',
    ],
    ["upload --user 1 file:mixed", '"file:mixed" says itself whose photos it holds; --user is for a single photo'],
    ["upload file:77.jpg", 'there is no profile 77 in user-profile, for "file:77.jpg"'],
    [
      "upload file:2.psd",
      'the photo "file:2.psd" would start nothing: the pipeline takes uploads that end in .jpg, .jpeg, .jfif, .png, .webp, .avif',
    ],
    ["upload file:3.jpg", `the photo "file:3.jpg" ${NO_IMAGE} (`],
    ["upload file:4.jpg", `the photo "file:4.jpg" ${NO_IMAGE} (`],
    ["upload file:5.jpg", 'the photo "file:5.jpg" has more than 64000000 bytes (64000001); nothing was sent'],
    ["upload --user 1 file:6.png", `the photo "file:6.png" ${NO_IMAGE} (`],
    ["upload --user 1 file:iphone/1.jpg", 'the photo "file:iphone/1.jpg" is HEIC, as iPhones keep photos, which'],
    ["upload --user 1 file:iphone/2.HEIC", "; make a JPEG of it (on a Mac: sips -s format jpeg PHOTO --out PHOTO.jpg)"],
    [
      "upload --user 1 file:moving.jpg",
      'the photo "file:moving.jpg" is GIF, which the pipeline does not take; make a JPEG',
    ],
    [
      "upload --user 1 file:large.png",
      "has more than 256000000 pixels, the most that the pipeline takes (16001×16000); noth",
    ],
    ["upload file:Thumbs.db file:~$1.jpg", "there is no photo in what you gave; nothing was sent"],
    ["upload file:empty", 'the folder "file:empty" is empty'],
    ["upload file:mixed", '"file:mixed/sub" is within a folder; give its own path'],
    ["upload file:1.jpg file:twice", "profile 1 is given 2 photos: file:1.jpg, file:twice/1.jpg"],
    ["upload file:header.csv", '"file:header.csv" names no photo; a line is: profile,file'],
    ["upload file:open.csv", '"file:open.csv" cannot be read as CSV: Quote Not Closed'],
    ["presign --user 77 file:1.jpg", 'there is no profile 77 in user-profile, for "file:1.jpg"'],
    ["presign --user 1 file:9.jpg", 'the photo "file:9.jpg" cannot be read (no such file)'],
    ["presign --user 1 file:mixed", 'the photo "file:mixed" would start nothing'],
    ["presign --user 1 file:3.jpg", 'the photo "file:3.jpg" is not an image that the pipeline takes'],
  ])("%s", async (line, message) => {
    expect(await mistakeOf(`${line} ${EMBEDDED}`)).toContain(message);
  });

  it("all of it at once", async () => {
    const mistakes = await mistakeOf(`upload file:wrong.csv file:3.jpg file:me.txt file:many ${EMBEDDED}`);
    expect(mistakes?.split("\n")).toEqual([
      "9 mistakes, so nothing was sent:",
      '  "file:wrong.csv", line 3: "Pete" is not the number of a profile',
      '  each of 2 lines of "file:wrong.csv" must be a profile and a file, and nothing else:',
      "    line 4",
      "    line 5",
      expect.stringMatching(/^ {2}the file "file:me\.txt" does not say whose photo it is: /),
      "  each of 2 profiles is given several photos:",
      "    1: file:moving.jpg, file:many/1.jpg",
      "    3: file:3.jpg, file:many/3.jpg",
      "  3 profiles are not in user-profile:",
      "    88",
      '    98, for "file:many/98.psd"',
      '    99, for "file:many/99.psd"',
      expect.stringMatching(/^ {2}the photo "file:moving\.jpg" is GIF/),
      `  each of 2 photos ${NO_IMAGE}:`,
      expect.stringMatching(/^ {4}"file:3\.jpg" \(.+\)$/),
      expect.stringMatching(/^ {4}"file:many\/3\.jpg" \(.+\)$/),
      "  each of 3 photos would start nothing: the pipeline takes uploads that end in .jpg, .jpeg, .jfif, .png, .webp, .avif:",
      '    "file:many/98.psd"',
      '    "file:many/99.psd"',
      '    "file:me.txt"',
      '  the photo "file:gone.jpg" cannot be read (no such file)',
    ]);
  });

  it.each<[string, readonly unknown[]]>([
    [
      "upload --user 99 file:a.jpg file:b.jpg file:moving.jpg",
      [
        "4 mistakes, so nothing was sent:",
        "  profile 99 is given 3 photos: file:a.jpg, file:b.jpg, file:moving.jpg",
        '  there is no profile 99 in user-profile, for "file:a.jpg", "file:b.jpg", "file:moving.jpg"',
        "  each of 2 photos cannot be read (no such file):",
        '    "file:a.jpg"',
        '    "file:b.jpg"',
        expect.stringMatching(/^ {2}the photo "file:moving\.jpg" is GIF/),
      ],
    ],
    [
      "upload file:99.jpg file:you.jpg",
      [
        "3 mistakes, so nothing was sent:",
        expect.stringMatching(/^ {2}the file "file:you\.jpg" does not say whose photo it is: /),
        '  there is no profile 99 in user-profile, for "file:99.jpg"',
        "  each of 2 photos cannot be read (no such file):",
        '    "file:99.jpg"',
        '    "file:you.jpg"',
      ],
    ],
    [
      "upload --user 99 file:mixed file:gone.csv",
      [
        "3 mistakes, so nothing was sent:",
        '  the folder "file:mixed" says itself whose photos it holds; --user is for a single photo',
        '  the file "file:gone.csv" cannot be read (no such file)',
        "  there is no profile 99 in user-profile",
      ],
    ],
  ])("%s: what is wrong with the profile as well, whatever is wrong with the file", async (line, sentences) => {
    expect((await mistakeOf(`${line} ${EMBEDDED}`))?.split("\n")).toEqual(sentences);
  });
});

describe("where there is no such deployment,", () => {
  const COMMANDS = [
    "upload file:1.jpg",
    "presign --user 1 file:1.jpg",
    "thumbnail --user 1",
    "profiles",
    "failures",
    "redrive --all",
    "backfill",
    "logs",
  ];

  it.each(COMMANDS)("%s says so", async (command) => {
    expect(await mistakeOf(`${command} --stage prod ${EMBEDDED}`)).toMatch(
      /^Function not found: .*SetProfileImage-prod.* \(in http:\/\/127\.0\.0\.1:\d+\); is the stack deployed there, and is --stage right\?$/,
    );
    expect(await mistakeOf(`${command} --endpoint-url http://127.0.0.1:9`)).toBe(
      'nothing listens at http://127.0.0.1:9; "npm start" starts the embedded AWS',
    );
  });

  it("a host that does not exist is named", async () => {
    expect(await mistakeOf("profiles --endpoint-url https://profile-image.invalid")).toMatch(
      /^https:\/\/profile-image\.invalid cannot be reached: .*getaddrinfo /,
    );
  });

  it("TLS to the embedded AWS is, too", async () => {
    const endpoint = pipeline.aws.account.endpoint.replace("http:", "https:");
    expect(await mistakeOf(`profiles --endpoint-url ${endpoint}`)).toMatch(/^https:.* cannot be reached: /);
  });

  it.each([
    [200, "<html>Hello</html>", "what listens at http://HOST is not AWS"],
    [502, "<html>Bad gateway</html>", "what listens at http://HOST is not AWS"],
    [403, "", "http://HOST returns status 403 without a reason; is it AWS, and are you allowed to do this?"],
  ])("an answer %i %j of something else is known as such", async (status, body, message) => {
    const server = createServer((_request, response) => response.writeHead(status).end(body)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await mistakeOf(`profiles --endpoint-url http://${host}`)).toBe(message.replace("HOST", host));
    } finally {
      server.close();
    }
  });
});

describe("with AWS's default credentials", () => {
  async function explained(credentials: { accessKeyId: string; secretAccessKey: string }): Promise<unknown> {
    const { endpoint, region } = pipeline.aws.account;
    const lambda = new LambdaClient({ endpoint, region, credentials });
    try {
      return await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "SetProfileImage" }));
    } catch (error) {
      return explainAwsError(error, region, undefined);
    } finally {
      lambda.destroy();
    }
  }

  it("that AWS does not know, it says what AWS says", async () => {
    expect(await explained({ accessKeyId: "AKIAWRONG", secretAccessKey: "wrong" })).toEqual(
      new UserError("AWS says UnrecognizedClientException: The security token included in the request is invalid."),
    );
  });

  it("that are wrong, it says what AWS says", async () => {
    const error = await explained({ accessKeyId: "test", secretAccessKey: "wrong" });
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain("AWS says InvalidSignatureException: The request signature we calculated");
  });

  // What the SDK finds in its environment is the whole process's affair.
  it("that are not there, it says how to give them", async () => {
    const none = join(files.folder, "none");
    const { code, stderr } = await place.run(["profiles"], {
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
      AWS_PROFILE: "",
      AWS_CONFIG_FILE: none,
      AWS_SHARED_CREDENTIALS_FILE: none,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL: pipeline.aws.account.endpoint,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^profile-image: there are no AWS credentials \(.*\); give them as for the AWS CLI, or name an embedded AWS by --local\n$/,
    );
  }, 60_000);
});
