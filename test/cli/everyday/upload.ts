// `npm run upload` on a running pipeline.

import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { onDeployment } from "../../../cli/on-deployment";
import { uploadCommand } from "../../../cli/upload";
import { AwsError } from "../../../local/aws-error";
import type { RequestFault, ServiceCall } from "../../../local/faults";
import { readFailureRecord } from "../../../operations/failure-records";
import { type Redriven, redriveRecord } from "../../../operations/redrive-record";
import type { Uploaded } from "../../../operations/send-photos";
import { pipeline } from "../../common-pipeline";
import { failureKeys, reset, thumbnailKeys } from "../operations";
import { createFiles, jpeg } from "../photo-files";
import { run, runJson } from "../run";

interface Result {
  readonly photos: readonly Uploaded[];
  readonly done: number;
  readonly failed: number;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/;

/** What TinyPNG says of something that is not an image it knows. */
const UNUSABLE: RequestFault = {
  response: {
    status: 415,
    contentType: "application/json",
    body: JSON.stringify({ error: "Unsupported media type", message: "File type is not supported." }),
  },
};

const files = createFiles();
afterEach(() => reset(pipeline));
afterAll(() => files.remove());

const upload = (...args: string[]) => runJson<Result>(uploadCommand(), pipeline, ...args);
const text = async (...args: string[]) => (await run(uploadCommand(), pipeline, ...args)).lines;

describe("whose photo a file is", () => {
  it("is said by --user, whatever the file's name, under a key of the profile's own that nobody can guess", async () => {
    const file = files.write("me at the sea.JPG", await jpeg());
    const first = await upload("--user", "2", file);
    const second = await upload("--user", "2", file);
    const key = new RegExp(`^original/2/${UUID.source}\\.jpg$`);
    expect(first.photos).toEqual([
      {
        profileId: "2",
        file,
        original: expect.stringMatching(key),
        thumbnail: expect.any(String),
        ms: expect.any(Number),
      },
    ]);
    expect(second.photos[0]?.original).toMatch(key);
    expect(second.photos[0]?.original).not.toBe(first.photos[0]?.original);
    // The first one's is removed as soon as the profile has the second.
    await pipeline.aws.idle();
    expect(await thumbnailKeys(pipeline)).toEqual([second.photos[0]?.thumbnail]);
  });

  it("is told by the name of each file in a folder; what systems leave there is none", async () => {
    for (const id of ["3", "1", "2"]) files.write(`folder/${id}.jpg`, await jpeg());
    for (const name of [".DS_Store", "._1.jpg", "Thumbs.db", "desktop.ini", "~$1.jpg", "__MACOSX/._1.jpg"]) {
      files.write(`folder/${name}`, "a system's");
    }
    const { photos, done, failed, error } = await upload(`${files.folder}/folder`);
    expect({ done, failed, error }).toEqual({ done: 3, failed: 0, error: undefined });
    expect(photos.map(({ profileId }) => profileId)).toEqual(["1", "2", "3"]);
  });

  it.each([
    [
      "a header, quotes, blank lines and Windows' line ends",
      'Profile ID,File\r\n1,"a, b.jpg"\r\n\r\n 2 , "say ""hi"".jpg"\r\n',
    ],
    ["what spreadsheets leave behind", 'sep=;\r\nuser;file;\r\n1;a, b.jpg;;\r\n;;\r\n2;"say ""hi"".jpg";\r\n;\r\n'],
    [
      "its separator in quotes, as programs write it that quote every cell",
      '"sep=;"\r\n"1";"a, b.jpg"\r\n2;"say ""hi"".jpg"\r\n',
    ],
    ["its separator as a row of several cells", '\uFEFF"sep=;",\n1,"a, b.jpg"\n2,"say ""hi"".jpg"\n'],
    ["semicolons, a byte order mark and no header", '\uFEFF1;"a, b.jpg"\n2;"say ""hi"".jpg"'],
  ])("is listed in a CSV file with %s, beside the files", async (_what, csv) => {
    for (const name of ["a, b.jpg", 'say "hi".jpg']) files.write(`list/${name}`, await jpeg());
    const { photos, error } = await upload(files.write("list/photos.csv", csv));
    expect(error).toBeUndefined();
    expect(photos.map(({ profileId, file }) => [profileId, file])).toEqual([
      ["1", `${files.folder}/list/a, b.jpg`],
      ["2", `${files.folder}/list/say "hi".jpg`],
    ]);
  });
});

it("sends the type that the photo has, not the one its name claims", async () => {
  const png = await sharp(await jpeg())
    .png()
    .toBuffer();
  const { photos } = await upload("--user", "4", files.write("in truth a PNG.jpg", png));
  const head = await pipeline.s3.send(
    new HeadObjectCommand({ Bucket: pipeline.names.bucket, Key: photos[0]?.original ?? "" }),
  );
  expect(head).toMatchObject({ ContentType: "image/png", Metadata: { "user-profile-id": "4" } });
});

it("ends with a table of the photos and their thumbnails", async () => {
  const lines = await text(files.write("table/5.jpg", await jpeg()), files.write("table/1.jpg", await jpeg()));
  expect(lines[0]).toBe("Uploading 2 photos to s3://user-profile-images-111122223333/original/ …");
  expect(lines.slice(1)).toEqual([
    "",
    expect.stringMatching(/^profile {2}file {2,}thumbnail {2,}ms$/),
    expect.stringMatching(/^1 {8}\S+1\.jpg {2}thumbnails\/1\/\S+\.jpg {2}\d+$/),
    expect.stringMatching(/^5 {8}\S+5\.jpg {2}thumbnails\/5\/\S+\.jpg {2}\d+$/),
  ]);
});

it.each(["me", "007", " 1"])("refuses --user %j, which is not the number of a profile", async (id) => {
  const { error } = await run(uploadCommand(), pipeline, "--user", id, files.write("1.jpg", await jpeg()));
  expect(error).toBe(
    `--user must be a whole number from 0 to 9007199254740991, in plain digits (given ${JSON.stringify(id)})`,
  );
});

describe("a photo that gets no thumbnail", () => {
  let goOn = () => {};
  afterEach(() => {
    goOn();
    pipeline.aws.faults.clear();
  });
  const failing = (service: string, fault: (call: ServiceCall) => RequestFault | undefined) =>
    pipeline.aws.faults.inject({ request: (call) => (call.service === service ? fault(call) : undefined) });

  it("is told with the pipeline's reason and its record, beside those that succeed", async () => {
    const bad = await jpeg("#ff0000");
    failing("tinify", ({ body }) => (body.equals(bad) ? UNUSABLE : undefined));
    const paths = [files.write("some/1.jpg", await jpeg()), files.write("some/2.jpg", bad)];
    const { photos, error, ...counts } = await upload(...paths);
    expect(counts).toEqual({ done: 1, failed: 1 });
    expect(error).toBe("1 of 2 photos have no thumbnail");
    const [record] = await failureKeys(pipeline);
    expect(photos).toMatchObject([
      { profileId: "1", thumbnail: expect.any(String) },
      { profileId: "2", thumbnail: null, why: expect.stringMatching(/^UnusablePhoto: .*not supported/), record },
    ]);

    const lines = await text(files.write("some/2.jpg", bad));
    expect(lines.slice(-4)).toEqual([
      "",
      `failed  profile 2  ${files.folder}/some/2.jpg`,
      expect.stringMatching(/^ {2}UnusablePhoto: /),
      expect.stringMatching(/^ {2}CreateThumbnail\/.*\.json$/),
    ]);
  });

  it("is forgotten when its record is redriven just before it is read", async () => {
    let refused = false;
    failing("tinify", () => {
      if (refused) return undefined;
      refused = true;
      return UNUSABLE;
    });
    const start = `/${pipeline.names.failuresBucket}/`;
    let redriven: Promise<Redriven> | undefined;
    failing("s3", ({ method, path }) => {
      if (method !== "GET" || !path.startsWith(`${start}CreateThumbnail/`) || redriven !== undefined) return undefined;
      redriven = onDeployment({ endpointUrl: pipeline.aws.account.endpoint }, async (deployment) => {
        const { s3, failuresBucket } = deployment;
        return redriveRecord(deployment, await readFailureRecord(s3, failuresBucket, path.slice(start.length)), true);
      });
      return { until: redriven.then(() => {}) };
    });
    const { done, error } = await upload(files.write("1.jpg", await jpeg()));
    expect({ done, error }).toEqual({ done: 1, error: undefined });
    expect((await redriven)?.state).toBe("succeeded");
  });

  it("is told when it could not even be sent", async () => {
    failing("s3", ({ method }) =>
      method === "PUT" ? { error: new AwsError("AccessDenied", "No way", 403) } : undefined,
    );
    const { photos } = await upload(files.write("1.jpg", await jpeg()));
    expect(photos).toMatchObject([{ thumbnail: null, why: "it could not be sent: No way" }]);
  });

  it("is told when its time is up", async () => {
    failing("tinify", () => ({ error: new AwsError("InternalServerError", "Later", 500) }));
    const { photos } = await upload("--timeout", "0", files.write("1.jpg", await jpeg()));
    expect(photos).toMatchObject([{ thumbnail: null, why: "it has no thumbnail after 0 s" }]);
  });

  it("is told when its profile gets another photo meanwhile", async () => {
    holdUpTinify();
    const wasSeen = lookedForItsThumbnail();
    const uploading = upload(files.write("1.jpg", await jpeg()));
    await wasSeen;
    const { s3, names } = pipeline;
    const newer = { Bucket: names.bucket, Key: "original/newer.jpg", Body: await jpeg("#00ff00") };
    await s3.send(new PutObjectCommand({ ...newer, Metadata: { "user-profile-id": "1" } }));
    const { photos } = await uploading;
    expect(photos).toMatchObject([{ thumbnail: null, why: "profile 1 has got another photo meanwhile" }]);
  });

  it("does not keep Ctrl-C from ending it, with the AWS CLI's exit code", async () => {
    holdUpTinify();
    const wasSeen = lookedForItsThumbnail();
    const uploading = run(uploadCommand(), pipeline, files.write("1.jpg", await jpeg()));
    await wasSeen;
    process.emit("SIGINT");
    expect((await uploading).error).toBe("stopped by SIGINT when 0 of 1 photo had a thumbnail; what was sent goes on");
    expect(process.exitCode).toBe(130);
    process.exitCode = undefined;
  });

  it("is not looked for when Ctrl-C comes before anything is sent", async () => {
    const unsubscribe = pipeline.aws.activity.subscribe(({ action }) => {
      if (action === "BatchGetItem") process.emit("SIGINT");
    });
    const { error } = await run(uploadCommand(), pipeline, files.write("1.jpg", await jpeg()));
    unsubscribe();
    expect(error).toBe("stopped by SIGINT before anything was sent");
    expect(await photoKeys()).toEqual([]);
    process.exitCode = undefined;
  });

  const photoKeys = async () =>
    (await pipeline.s3.send(new ListObjectsV2Command({ Bucket: pipeline.names.bucket }))).Contents ?? [];

  /** Until the end of the test. */
  function holdUpTinify(): void {
    const until = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    failing("tinify", () => ({ until }));
  }

  /** Resolves when the command, which is the account's administrator here, knows that the profile has the photo. */
  function lookedForItsThumbnail(): Promise<void> {
    return new Promise((resolve) => {
      const unsubscribe = pipeline.aws.activity.subscribe(({ action, caller, response }) => {
        if (action !== "GetItem" || !caller?.endsWith("user/administrator")) return;
        if (!response?.body?.includes("original/1/")) return;
        unsubscribe();
        resolve();
      });
    });
  }
});
