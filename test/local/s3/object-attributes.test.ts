import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  type GetObjectAttributesCommandInput,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { BUCKET as Bucket, refusal, startS3, type TestS3 } from "./harness";

const MIN_PART_BYTES = 5 * 1024 * 1024;

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

const attributes = (Key: string, more: Partial<GetObjectAttributesCommandInput> = {}, client = aws.client) =>
  client.send(
    new GetObjectAttributesCommand({
      Bucket,
      Key,
      ObjectAttributes: ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"],
      ...more,
    }),
  );

describe("GetObjectAttributes", () => {
  it("tells what is asked for, without the bytes", async () => {
    const Key = "a";
    const { ETag, ChecksumSHA256 } = await aws.client.send(
      new PutObjectCommand({ Bucket, Key, Body: "abc", ChecksumAlgorithm: "SHA256" }),
    );
    const told = await attributes(Key);
    expect(told).toMatchObject({
      ETag: ETag?.replaceAll('"', ""),
      Checksum: { ChecksumSHA256, ChecksumType: "FULL_OBJECT" },
      StorageClass: "STANDARD",
      ObjectSize: 3,
    });
    expect(told.ObjectParts).toBeUndefined();
    const size = await attributes(Key, { ObjectAttributes: ["ObjectSize"] });
    expect([size.ObjectSize, size.ETag, size.Checksum]).toEqual([3, undefined, undefined]);
  });

  it("tells of the parts, page by page, and a part comes with its own checksum", async () => {
    const Key = "parts";
    const { UploadId } = await aws.client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "SHA256" }),
    );
    const bodies = [Buffer.alloc(MIN_PART_BYTES, "a"), Buffer.from("b")];
    const Parts = await Promise.all(
      bodies.map(async (Body, index) => {
        const PartNumber = index + 1;
        const part = { Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: "SHA256" } as const;
        const { ETag, ChecksumSHA256 } = await aws.client.send(new UploadPartCommand(part));
        return { ETag, ChecksumSHA256, PartNumber };
      }),
    );
    await aws.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    const { ObjectParts } = await attributes(Key, { MaxParts: 1, PartNumberMarker: "1" });
    expect(ObjectParts).toMatchObject({
      TotalPartsCount: 2,
      PartNumberMarker: "1",
      NextPartNumberMarker: "2",
      MaxParts: 1,
      IsTruncated: false,
      Parts: [{ PartNumber: 2, Size: 1, ChecksumSHA256: Parts[1]?.ChecksumSHA256 }],
    });
    const part = { Bucket, Key, PartNumber: 2, ChecksumMode: "ENABLED" } as const;
    expect((await aws.client.send(new GetObjectCommand(part))).ChecksumSHA256).toBe(Parts[1]?.ChecksumSHA256);
  });

  it("needs two permissions, and knows no other attribute", async () => {
    const allow = (...actions: string[]) => aws.asRole({ Effect: "Allow", Action: actions, Resource: "*" });
    expect(await refusal(attributes("a", {}, allow("s3:GetObject")))).toBe("AccessDenied");
    expect(await refusal(attributes("a", {}, allow("s3:GetObjectAttributes")))).toBe("AccessDenied");
    await attributes("a", {}, allow("s3:GetObject", "s3:GetObjectAttributes"));
    expect(await refusal(attributes("a", { ObjectAttributes: ["Colour" as "ETag"] }))).toBe("InvalidArgument");
    expect(await refusal(attributes("b"))).toBe("NoSuchKey");
  });
});
