import { createHmac } from "node:crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPostOptions } from "@aws-sdk/s3-presigned-post";
import { BUCKET, FUNCTION_ARN, startS3, type TestS3 } from "./harness";

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
  await aws.notify({ Id: "photos", LambdaFunctionArn: FUNCTION_ARN, Events: ["s3:ObjectCreated:Post"] });
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

const CONDITIONS: PresignedPostOptions["Conditions"] = [
  ["content-length-range", 1, 100],
  ["starts-with", "$Content-Type", "image/"],
  ["eq", "$x-amz-meta-user-profile-id", "42"],
];
const FIELDS = { "Content-Type": "image/jpeg", "x-amz-meta-user-profile-id": "42" };

/** Uploads as a browser does. */
async function post(
  change: Record<string, string | undefined> = {},
  file = "photo",
  options: Partial<PresignedPostOptions> = {},
) {
  const form = await createPresignedPost(aws.client, {
    Bucket: BUCKET,
    Key: "original/${filename}",
    Conditions: CONDITIONS,
    Fields: FIELDS,
    ...options,
  });
  const data = new FormData();
  for (const [name, value] of Object.entries({ ...form.fields, ...change })) {
    if (value !== undefined) data.set(name, value);
  }
  data.set("file", new Blob([file]), "me & you.jpg");
  const response = await fetch(form.url, { method: "POST", body: data, redirect: "manual" });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

describe("a form signed for a browser", () => {
  it("uploads the file under its name, with the form's metadata, and notifies", async () => {
    const answer = await post();
    expect(answer).toMatchObject({ status: 204, body: "" });
    const object = await aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "original/me & you.jpg" }));
    expect(object).toMatchObject({ ContentType: "image/jpeg", Metadata: { "user-profile-id": "42" } });
    expect(await object.Body?.transformToString()).toBe("photo");
    expect(answer.headers.get("etag")).toBe(object.ETag);
    expect(aws.activities).toContainEqual(
      expect.objectContaining({ action: "PostObject", resource: `arn:aws:s3:::${BUCKET}/original/me & you.jpg` }),
    );
    expect(aws.records).toMatchObject([
      { eventName: "ObjectCreated:Post", s3: { object: { key: "original/me+%26+you.jpg" } } },
    ]);
  });

  it("responds as the form asks", async () => {
    const Conditions = [
      ...(CONDITIONS ?? []),
      ["starts-with", "$success_action_status", ""],
      ["starts-with", "$success_action_redirect", ""],
    ] as PresignedPostOptions["Conditions"];
    const created = await post({ success_action_status: "201" }, "photo", { Conditions });
    expect(created.status).toBe(201);
    expect(created.body).toContain("<Key>original/me &amp; you.jpg</Key>");
    const redirected = await post({ success_action_redirect: "http://example.test/done?a=1" }, "photo", { Conditions });
    expect(redirected.status).toBe(303);
    expect(redirected.headers.get("location")).toMatch(/^http:\/\/example\.test\/done\?a=1&bucket=.*&key=.*&etag=/);
  });

  it("can be sent again, whatever it says: a form has no conditions", async () => {
    const Conditions = [...(CONDITIONS ?? []), { "if-none-match": "*" }] as PresignedPostOptions["Conditions"];
    for (const file of ["first", "second"]) {
      expect((await post({ key: "original/again.jpg", "if-none-match": "*" }, file, { Conditions })).status).toBe(204);
    }
    const object = await aws.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "original/again.jpg" }));
    expect(await object.Body?.transformToString()).toBe("second");
  });

  it.each<[string, Record<string, string | undefined>, string, string]>([
    ["another key", { key: "elsewhere" }, "photo", 'Policy Condition failed: ["starts-with", "$key", "original/"]'],
    ["another content type", { "Content-Type": "text/html" }, "photo", "Policy Condition failed"],
    ["other metadata", { "x-amz-meta-user-profile-id": "43" }, "photo", "Policy Condition failed"],
    ["no metadata", { "x-amz-meta-user-profile-id": undefined }, "photo", "Policy Condition failed"],
    [
      "fields that the policy does not name",
      { "x-amz-meta-more": "1" },
      "photo",
      "Extra input fields: x-amz-meta-more",
    ],
    ["a file that is too large", {}, "x".repeat(101), "<Code>EntityTooLarge</Code>"],
    ["an empty file", {}, "", "<Code>EntityTooSmall</Code>"],
    [
      "a changed policy",
      { Policy: Buffer.from("{}").toString("base64") },
      "photo",
      "<Code>SignatureDoesNotMatch</Code>",
    ],
    ["a changed signature", { "X-Amz-Signature": "00".repeat(32) }, "photo", "<Code>SignatureDoesNotMatch</Code>"],
    ["no signature", { "X-Amz-Signature": undefined }, "photo", "field named 'x-amz-signature'"],
    ["no key", { key: undefined }, "photo", "must contain a field named 'key'"],
    ["no policy", { Policy: undefined }, "photo", "must contain a field named 'policy'"],
  ])("with %s is refused", async (_what, change, file, words) => {
    const before = aws.records.length;
    const { status, body } = await post(change, file);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).toContain(words.replaceAll('"', "&quot;"));
    expect(aws.records).toHaveLength(before);
  });

  it("is refused when it has expired", async () => {
    const { status, body } = await post({}, "photo", { Expires: -1 });
    expect(status).toBe(403);
    expect(body).toContain("Invalid according to Policy: Policy expired.");
  });

  it("without a policy is anonymous, and so is nobody here", async () => {
    const data = new FormData();
    data.set("key", "anonymous");
    data.set("file", new Blob(["x"]));
    const response = await fetch(`${aws.endpoint}/${BUCKET}`, { method: "POST", body: data });
    expect(response.status).toBe(403);
  });
});

/** Uploads with a policy that no SDK makes, signed by hand. */
async function postSigned(fields: Record<string, string>, document: object = {}) {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [date.slice(0, 8), "eu-west-1", "s3", "aws4_request"];
  const open = ["key", "content-type", "x-amz-meta-a b", "x-amz-algorithm", "x-amz-credential", "x-amz-date"];
  const expiration = new Date(Date.now() + 60_000).toISOString();
  const conditions = [{ bucket: BUCKET }, ...open.map((name) => ["starts-with", `$${name}`, ""])];
  const policy = Buffer.from(JSON.stringify({ expiration, conditions, ...document })).toString("base64");
  const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
  const signed = {
    key: "original/by-hand.jpg",
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": `test/${scope.join("/")}`,
    "x-amz-date": date,
    "x-amz-signature": hmac(scope.reduce<Buffer | string>(hmac, "AWS4test"), policy).toString("hex"),
    // Conditions hold for fields that are there; those of this form that are optional are empty.
    "Content-Type": "",
    "x-amz-meta-a b": "",
    policy,
    ...fields,
  };
  const data = new FormData();
  for (const [name, value] of Object.entries(signed)) {
    if (value !== "") data.set(name, value);
  }
  data.set("file", new Blob(["photo"]));
  const response = await fetch(`${aws.endpoint}/${BUCKET}`, { method: "POST", body: data });
  return { status: response.status, body: await response.text() };
}

describe("a form signed by hand", () => {
  it("uploads the file", async () => {
    expect(await postSigned({})).toEqual({ status: 204, body: "" });
  });

  it.each<[string, Record<string, string>, number, string]>([
    ["a type that no header can carry", { "Content-Type": "image/你" }, 400, "cannot be represented using ISO-8859-1"],
    ["metadata whose name no header can have", { "x-amz-meta-a b": "1" }, 400, "Metadata name is not a header name."],
    ["a key that leaves the bucket", { key: "a/../../b" }, 400, ""],
    ["a key of more than 1,024 bytes", { key: "k".repeat(1025) }, 400, "<Code>KeyTooLongError</Code>"],
    ["another bucket", { bucket: "another" }, 403, `Policy Condition failed: ["eq", "$bucket", "${BUCKET}"]`],
    ["an unknown key", { "x-amz-credential": `nobody/20260101/eu-west-1/s3/aws4_request` }, 403, "InvalidAccessKeyId"],
    ["a token that belongs to nobody", { "x-amz-security-token": "x" }, 400, "<Code>InvalidToken</Code>"],
    ["Signature Version 2", { AWSAccessKeyId: "test", "x-amz-algorithm": "" }, 400, "Please use AWS4-HMAC-SHA256."],
  ])("with %s is refused", async (_what, fields, status, words) => {
    const answer = await postSigned(fields);
    expect(answer).toMatchObject({ status, body: expect.stringContaining(words.replaceAll('"', "&quot;")) });
  });

  const anything = ["key", "x-amz-algorithm", "x-amz-credential", "x-amz-date"].map((name) => [
    "starts-with",
    `$${name}`,
    "",
  ]);
  const bucket = { bucket: BUCKET };
  it.each<[object, string]>([
    ...[
      "tomorrow",
      "2099-01-01",
      "2099-01-01T00:00:00",
      "2099-01-01 00:00:00Z",
      "2099-01-01T00:00:00+02:00",
      "2099-02-30T00:00:00Z",
      "Thu, 01 Jan 2099 00:00:00 GMT",
    ].map((expiration): [object, string] => [{ expiration }, `Invalid 'expiration' value: '${expiration}'`]),
    [{ conditions: [...anything, bucket, {}] }, "Simple-Conditions must have exactly one property specified."],
    [{ conditions: [...anything, { ...bucket, key: "k" }] }, "Simple-Conditions must have exactly one property"],
    [{ conditions: [...anything, { bucket: 1 }] }, "Invalid Simple-Condition: value must be a string."],
    [{ conditions: [...anything, bucket, ["content-length-range", 1]] }, "Invalid Condition"],
    [{ conditions: [...anything, bucket, ["content-length-range", -1, 9]] }, "Invalid Condition"],
    [{ conditions: [...anything, bucket, ["content-length-range", "0x1", "9"]] }, "Policy Condition failed"],
    [{ conditions: [...anything, bucket, ["content-length-range", "", "9"]] }, "Policy Condition failed"],
  ])("with the policy %j is refused", async (document, words) => {
    expect((await postSigned({}, document)).body).toContain(words);
  });

  it("need not name its bucket, but if it does so must its policy", async () => {
    expect((await postSigned({}, { conditions: anything })).status).toBe(204);
    const { body } = await postSigned({ bucket: BUCKET }, { conditions: anything });
    expect(body).toContain("Invalid according to Policy: Extra input fields: bucket");
  });

  it.each<[object]>([
    [{ expiration: "2099-01-01T00:00:00Z" }],
    [{ expiration: "2099-01-01T00:00:00.000Z" }],
    [{ conditions: [...anything, bucket, ["content-length-range", "5", "5"]] }],
  ])("with the policy %j is accepted", async (document) => {
    expect((await postSigned({}, document)).status).toBe(204);
  });
});

describe("a malformed form", () => {
  const type = "multipart/form-data; boundary=b";
  it.each([
    ["no boundary", "multipart/form-data", "", "MalformedPOSTRequest"],
    ["no end", type, '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nk', "MalformedPOSTRequest"],
    ["no file", type, '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nk\r\n--b--\r\n', "InvalidArgument"],
    ["noise", type, "noise", "MalformedPOSTRequest"],
    [
      "a field without a name",
      type,
      "--b\r\nContent-Disposition: form-data\r\n\r\nk\r\n--b--\r\n",
      "MalformedPOSTRequest",
    ],
    [
      "fields without end",
      type,
      `--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n${"k".repeat(30_000)}\r\n--b--\r\n`,
      "MaxPostPreDataLengthExceeded",
    ],
  ])("with %s is refused", async (_what, contentType, body, code) => {
    const headers = { "content-type": contentType, "content-length": body.length };
    const answer = await aws.send("POST", `/${BUCKET}`, { headers, body });
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining(`<Code>${code}`) });
  });
});
