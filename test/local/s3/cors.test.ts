import { PutObjectCommand } from "@aws-sdk/client-s3";
import { policyOf } from "../iam/account";
import { BUCKET, OPEN, startS3, type TestS3 } from "./harness";
import { signHead } from "./signing";

let aws: TestS3;
beforeAll(async () => {
  aws = await startS3();
  await aws.call("PutPublicAccessBlock", { PublicAccessBlockConfiguration: OPEN });
  const Resource = [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`];
  await aws.call("PutBucketPolicy", {
    Policy: policyOf({ Effect: "Allow", Principal: "*", Action: "s3:*", Resource }),
  });
  for (const Key of ["a.txt", "/a.txt", "a%2Fb"]) {
    await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }));
  }
});
afterAll(() => aws.close());
afterEach(() => expect(aws.bugs).toEqual([]));

const signed = (method: string, path: string, more: Record<string, string> = {}, body = "") => {
  const { headers } = signHead(aws.port, method, path, "UNSIGNED-PAYLOAD", more);
  return aws.send(method, path, { headers: { ...headers, "content-length": Buffer.byteLength(body) }, body });
};

describe("CORS", () => {
  const preflight = (origin: string, method: string, headers = "") =>
    aws.send("OPTIONS", `/${BUCKET}/a.txt`, {
      headers: {
        origin,
        "access-control-request-method": method,
        ...(headers === "" ? {} : { "access-control-request-headers": headers }),
      },
    });
  const rule = {
    AllowedMethods: ["GET", "PUT"],
    AllowedOrigins: ["https://*.example.com"],
    AllowedHeaders: ["content-type", "x-amz-meta-*"],
    ExposeHeaders: ["ETag"],
    MaxAgeSeconds: 600,
  };
  const putCors = (change: object = {}) =>
    aws.call("PutBucketCors", { CORSConfiguration: { CORSRules: [{ ...rule, ...change }] } });

  it("is off until the bucket has rules", async () => {
    const { status, body } = await preflight("https://app.example.com", "PUT");
    expect(status).toBe(403);
    expect(body).toContain("CORSResponse: CORS is not enabled for this bucket.");
  });

  it("responds to a browser's preflight by the rules", async () => {
    await putCors();
    const { status, headers } = await preflight(
      "https://app.example.com",
      "PUT",
      "Content-Type,X-Amz-Meta-User-Profile-Id",
    );
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "access-control-allow-origin": "https://app.example.com",
      "access-control-allow-methods": "GET, PUT",
      "access-control-allow-headers": "content-type, x-amz-meta-user-profile-id",
      "access-control-expose-headers": "ETag",
      "access-control-max-age": "600",
      vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    });
    expect((await preflight("https://evil.test", "PUT")).status).toBe(403);
    expect((await preflight("https://app.example.com", "DELETE")).status).toBe(403);
    expect((await preflight("https://app.example.com", "PUT", "authorization")).status).toBe(403);
    expect((await preflight("https://app.example.com", "BREW")).status).toBe(400);
  });

  it("lets a page of the rules read responses and errors", async () => {
    const headers = { origin: "https://app.example.com" };
    for (const path of [`/${BUCKET}/a.txt`, `/${BUCKET}/none`]) {
      const answer = await aws.send("GET", path, { headers });
      expect(answer.headers["access-control-allow-origin"]).toBe("https://app.example.com");
    }
  });

  it("lets a page of the rules write, and no other, whatever it signed", async () => {
    const put = (origin: string) => signed("PUT", `/${BUCKET}/page.txt`, { origin }, "photo");
    expect((await put("https://app.example.com")).status).toBe(200);
    for (const origin of ["https://evil.test", "http://localhost:3000", "null"]) {
      const { status, headers, body } = await put(origin);
      expect({ status, allowed: headers["access-control-allow-origin"] }).toEqual({ status: 403, allowed: undefined });
      expect(body).toContain("<Code>AccessDenied</Code>");
      expect(body).toContain(
        `The embedded AWS takes no PUT from web pages of other origins (given Origin ${origin}); the CORS rules of ${BUCKET} would have to allow it`,
      );
      expect((await aws.send("GET", `/${BUCKET}/a.txt`, { headers: { origin } })).status).toBe(403);
    }
    // A rule for PUT does not allow POST.
    const form = { origin: "https://app.example.com", "content-type": "multipart/form-data; boundary=b" };
    expect((await aws.send("POST", `/${BUCKET}`, { headers: form, body: "--b--" })).status).toBe(403);
  });

  it.each([
    ["image", 200],
    ["video", 200],
    ["document", 200],
    ["iframe", 403],
    ["script", 403],
    ["empty", 403],
  ])("is not asked where the page cannot read the response: %s gets %d", async (destination, status) => {
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": destination };
    expect((await aws.send("GET", `/${BUCKET}/a.txt`, { headers })).status).toBe(status);
    expect((await aws.send("DELETE", `/${BUCKET}/a.txt`, { headers })).status).toBe(403);
  });

  it.each([
    ["image/jpeg", "cross-origin"],
    ["video/mp4", "cross-origin"],
    ["binary/octet-stream", "cross-origin"],
    ["text/html", "same-origin"],
    ["text/javascript", "same-origin"],
    ["application/pdf", "same-origin"],
  ])("lets other pages show pictures, sound and films: %s is %s", async (ContentType, policy) => {
    await aws.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "shown", Body: "x", ContentType }));
    const { headers } = await aws.send("GET", `/${BUCKET}/shown`);
    const again = await aws.send("GET", `/${BUCKET}/shown`, { headers: { "if-none-match": String(headers.etag) } });
    expect(again.status).toBe(304);
    for (const answer of [headers, again.headers]) expect(answer["cross-origin-resource-policy"]).toBe(policy);
  });

  it("refuses rules that S3 refuses", async () => {
    await expect(putCors({ AllowedMethods: ["PATCH"] })).rejects.toThrow("Unsupported method is PATCH");
    await expect(putCors({ AllowedOrigins: ["*.*"] })).rejects.toThrow("more than one wildcard");
  });
});
