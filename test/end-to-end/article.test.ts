// The article by the letter: its commands in its order, typed into AWS's own command line, on an empty account. Where it
// compiles C#, our zips are deployed; where AWS has become stricter since 2018, it says so here as well. The commands stand below as the article has them.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { type EmbeddedAws, startEmbeddedAws } from "../../local";
import { awsCli, HAS_AWS_CLI } from "../aws-cli";
import { synthesizedBundles } from "../pipeline";

const ROOT = join(__dirname, "..", "..");
const REGION = "eu-west-1";
const ACCOUNT = "111122223333";
const BUCKET = "user-profile-images-01234";
const FAILURES = "user-profile-failures-01234";
const TABLE_ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/user-profile`;
const KEY = "XYZ123";
const PARAMETER = "/profile-image/tinypng-key";

const ROLE = {
  Version: "2012-10-17",
  Statement: [{ Sid: "", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
const BUCKET_POLICY = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "AllowPublicRead",
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: [`arn:aws:s3:::${BUCKET}/*`],
    },
  ],
};
const PROFILES = {
  "user-profile": [
    { PutRequest: { Item: { id: { N: "1" }, name: { S: "Pete Mitchell" } } } },
    { PutRequest: { Item: { id: { N: "2" }, name: { S: "Tom Kazansky" } } } },
  ],
};
const NOTIFICATION = {
  LambdaFunctionConfigurations: [
    {
      Id: "my-lambda-function-s3-event-configuration",
      LambdaFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:SetProfileImage`,
      Events: ["s3:ObjectCreated:Put"],
      Filter: {
        Key: {
          FilterRules: [
            { Name: "prefix", Value: "original/" },
            { Name: "suffix", Value: ".jpg" },
          ],
        },
      },
    },
  ],
};

let aws: EmbeddedAws;
let folder: string;
/** Runs a command as the article writes it; words with spaces stand in quotes. */
const run = (command: string) => {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? "");
  return awsCli(words, { endpoint: aws.account.endpoint, region: REGION, cwd: folder });
};
const json = async (command: string) => JSON.parse(await run(command));
const writeJson = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));

/** One of our policies for what this account has. */
function policyOf(name: string, functionName: string, streamArn = ""): string {
  const values: Readonly<Record<string, string>> = {
    accountId: ACCOUNT,
    imagesBucketArn: `arn:aws:s3:::${BUCKET}`,
    failuresBucketArn: `arn:aws:s3:::${FAILURES}`,
    tableArn: TABLE_ARN,
    streamArn,
    tinypngKeyArn: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${PARAMETER}`,
    logGroupArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/${functionName}`,
  };
  const text = readFileSync(join(ROOT, "policies", name), "utf8");
  return text.replace(/\{\{(\w+)\}\}/g, (_, placeholder) => {
    const value = values[placeholder];
    if (value === undefined)
      throw new Error(`${name} has the placeholder ${placeholder}, which this test does not know`);
    return value;
  });
}

const createFunction = (name: "SetProfileImage" | "CreateThumbnail", variables: string) =>
  run(
    `lambda create-function --function-name ${name} --runtime nodejs24.x --handler index.handler --timeout 60 --memory-size 512
      --role arn:aws:iam::${ACCOUNT}:role/${name}Role --zip-file fileb://${name}.zip --environment Variables={${variables}}`,
  );

async function until<T>(read: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const value = await read();
    if (isThere(value)) return value;
    if (Date.now() > deadline) throw new Error(`After a minute there is still only ${JSON.stringify(value)}`);
    await aws.idle();
  }
}

const describeWithCli = HAS_AWS_CLI ? describe : describe.skip;

describeWithCli(
  `the article's commands in AWS's own command line${HAS_AWS_CLI ? "" : " (skipped: AWS_CLI names none)"}`,
  () => {
    jest.setTimeout(120_000);
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "article "));
      for (const [name, sample] of [
        ["maverick.jpg", "maverick.jpg"],
        ["iceman.jpg", "iceman.jpg"],
      ] as const) {
        copyFileSync(join(ROOT, "samples", sample), join(folder, name));
      }
      const bundles = synthesizedBundles();
      for (const name of ["SetProfileImage", "CreateThumbnail"] as const) {
        copyFileSync(bundles[name].zipFile, join(folder, `${name}.zip`));
      }
      writeJson("role.json", ROLE);
      writeJson("bucket-policy.json", BUCKET_POLICY);
      writeJson("user-profile.json", PROFILES);
      writeJson("notification.json", NOTIFICATION);
      aws = await startEmbeddedAws({ region: REGION, tinypngKey: KEY });
    });
    afterAll(async () => {
      await aws?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it("S3: a bucket, which AWS opens to the public today only when it is told twice", async () => {
      const bucket = await json(
        `s3api create-bucket --bucket ${BUCKET} --region ${REGION} --create-bucket-configuration LocationConstraint=${REGION}`,
      );
      expect(bucket).toMatchObject({ Location: expect.stringContaining(BUCKET) });
      const open = () => run(`s3api put-bucket-policy --bucket ${BUCKET} --policy file://bucket-policy.json`);
      await expect(open()).rejects.toThrow("BlockPublicPolicy");
      await run(`s3api delete-public-access-block --bucket ${BUCKET}`);
      await open();
      await run(`s3 cp maverick.jpg s3://${BUCKET}/maverick.jpg`);
      expect(await run(`s3 ls s3://${BUCKET}`)).toContain("maverick.jpg");
      await run(`s3 rm s3://${BUCKET}/maverick.jpg`);
      expect(await run(`s3 ls s3://${BUCKET}`)).toBe("");
    });

    it("DynamoDB: a table with a stream, and its profiles", async () => {
      await run(
        `dynamodb create-table --table-name user-profile --attribute-definitions AttributeName=id,AttributeType=N
        --key-schema AttributeName=id,KeyType=HASH --provisioned-throughput ReadCapacityUnits=1,WriteCapacityUnits=1
        --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES`,
      );
      await run("dynamodb batch-write-item --request-items file://user-profile.json");
      expect(await json("dynamodb scan --table-name user-profile")).toMatchObject({ Count: 2 });
    });

    it("Lambda: SetProfileImage, its role, and S3's permission to invoke it", async () => {
      await run(`s3api create-bucket --bucket ${FAILURES} --create-bucket-configuration LocationConstraint=${REGION}`);
      await run("logs create-log-group --log-group-name /aws/lambda/SetProfileImage");
      await run("iam create-role --role-name SetProfileImageRole --assume-role-policy-document file://role.json");
      writeFileSync(
        join(folder, "set_profile_image_policy.json"),
        policyOf("set-profile-image.json", "SetProfileImage"),
      );
      await run(
        `iam put-role-policy --role-name SetProfileImageRole --policy-name SetProfileImageRoleInlinePolicy
        --policy-document file://set_profile_image_policy.json`,
      );
      await createFunction(
        "SetProfileImage",
        `TABLE_NAME=user-profile,FAILURES_BUCKET=${FAILURES},PROFILE_ID_TYPE=number`,
      );
      const notify = () =>
        run(
          `s3api put-bucket-notification-configuration --bucket ${BUCKET} --notification-configuration file://notification.json`,
        );
      await expect(notify()).rejects.toThrow("Unable to validate the following destination configurations");
      await run(
        `lambda add-permission --function-name SetProfileImage --action lambda:InvokeFunction --principal s3.amazonaws.com
        --source-arn arn:aws:s3:::${BUCKET} --statement-id 1`,
      );
      await notify();
    });

    it("a photo's key is stored in its profile, and the function's log tells of it", async () => {
      await run(`s3 cp maverick.jpg s3://${BUCKET}/original/maverick.jpg --metadata user-profile-id=1`);
      expect(await run(`s3 ls s3://${BUCKET}/original/`)).toContain("maverick.jpg");
      const { Items } = await until(
        () => json("dynamodb scan --table-name user-profile"),
        ({ Items: items }) => items.some((item: { image?: unknown }) => item.image !== undefined),
      );
      expect(Items).toContainEqual(expect.objectContaining({ id: { N: "1" }, image: { S: "original/maverick.jpg" } }));
      const { logStreams } = await json("logs describe-log-streams --log-group-name /aws/lambda/SetProfileImage");
      const { events } = await json(
        `logs get-log-events --log-group-name /aws/lambda/SetProfileImage --log-stream-name ${logStreams[0].logStreamName}`,
      );
      expect(JSON.stringify(events)).toContain("original/maverick.jpg");
    });

    it("Lambda: CreateThumbnail, its role, its environment, and the table's stream", async () => {
      const { Table } = await json("dynamodb describe-table --table-name user-profile");
      await run("logs create-log-group --log-group-name /aws/lambda/CreateThumbnail");
      await run("iam create-role --role-name CreateThumbnailRole --assume-role-policy-document file://role.json");
      const policy = policyOf("create-thumbnail.json", "CreateThumbnail", Table.LatestStreamArn);
      writeFileSync(join(folder, "create_thumbnail_policy.json"), policy);
      await run(
        `iam put-role-policy --role-name CreateThumbnailRole --policy-name CreateThumbnailRoleInlinePolicy
        --policy-document file://create_thumbnail_policy.json`,
      );
      await run(`ssm put-parameter --name ${PARAMETER} --type SecureString --value ${KEY}`);
      await createFunction("CreateThumbnail", "TABLE_NAME=user-profile");
      const size = "THUMBNAIL_WIDTH=150,THUMBNAIL_HEIGHT=150,THUMBNAIL_METHOD=fit,THUMBNAIL_ENCRYPTION=bucket-default";
      const names = `BUCKET_NAME=${BUCKET},TABLE_NAME=user-profile,FAILURES_BUCKET=${FAILURES},PROFILE_ID_TYPE=number`;
      await run(
        `lambda update-function-configuration --function-name CreateThumbnail --region ${REGION}
        --environment Variables={${names},${size},TINYPNG_KEY_PARAMETER=${PARAMETER},KEEP_PREVIOUS_THUMBNAILS=false}`,
      );
      const mapping = await json(
        `lambda create-event-source-mapping --region ${REGION} --function-name CreateThumbnail
        --event-source ${Table.LatestStreamArn} --batch-size 10 --starting-position TRIM_HORIZON`,
      );
      expect(mapping).toMatchObject({ State: "Creating", BatchSize: 10 });
    });

    it("voilà: a thumbnail of the photo that comes now, and of the one that was there", async () => {
      await run(`s3 cp iceman.jpg s3://${BUCKET}/original/iceman.jpg --metadata user-profile-id=2`);
      const listed = await until(
        () => run(`s3 ls s3://${BUCKET}/thumbnails/`).catch(() => ""),
        (text) => text.includes("iceman.jpg") && text.includes("maverick.jpg"),
      );
      expect(listed).toContain("iceman.jpg");
      await run(`s3 cp s3://${BUCKET}/thumbnails/iceman.jpg thumbnail.jpg`);
      const { width = 0, height = 0 } = await sharp(join(folder, "thumbnail.jpg")).metadata();
      expect(Math.max(width, height)).toBe(150);
    });
  },
);
