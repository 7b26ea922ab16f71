import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { startTestPipeline, synthesizedStack } from "../pipeline";

const directory = mkdtempSync(join(tmpdir(), "existing-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The stack with a table and a bucket that it finds where it would make them. */
function stackOnExisting(): string {
  cpSync(synthesizedStack(), directory, { recursive: true });
  const file = join(directory, "cdk.tf.json");
  const text = readFileSync(file, "utf8");
  const { data, resource, ...rest } = JSON.parse(
    text
      .replaceAll("${aws_dynamodb_table.user_profile.", "${data.aws_dynamodb_table.user_profile.")
      .replaceAll("${aws_s3_bucket.images_bucket.", "${data.aws_s3_bucket.images_bucket."),
  );
  const { aws_dynamodb_table: _, ...resources } = resource;
  const { images_bucket: __, ...buckets } = resource.aws_s3_bucket;
  const stack = {
    ...rest,
    data: {
      ...data,
      aws_dynamodb_table: { user_profile: { name: "members" } },
      aws_s3_bucket: { images_bucket: { bucket: "photos-of-members" } },
    },
    resource: { ...resources, aws_s3_bucket: buckets },
  };
  writeFileSync(file, JSON.stringify(stack));
  return directory;
}

it("a stack on an existing table and bucket runs locally as on an account that has them", async () => {
  const { aws, names, s3, close } = await startTestPipeline(5, stackOnExisting());
  try {
    expect(names).toMatchObject({ table: "members", bucket: "photos-of-members" });
    const Body = await sharp({ create: { width: 40, height: 40, channels: 3, background: "#c02040" } })
      .jpeg()
      .toBuffer();
    const Metadata = { "user-profile-id": "2" };
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: "original/iceman.jpg", Body, Metadata }));
    await aws.idle();
    await s3.send(new HeadObjectCommand({ Bucket: names.bucket, Key: "thumbnails/iceman.jpg" }));
  } finally {
    await close();
  }
});
