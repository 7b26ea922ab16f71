// S3 requests with malformed insides: keys, queries, headers, documents, checksums, chunk framing and forms.

import { createHash } from "node:crypto";
import { deepText, mutateText } from "./mutate";
import type { Names } from "./names";
import type { Random } from "./random";
import { type FuzzRequest, toRequest } from "./request";
import { signChunks, signDraft, signForm } from "./sign";

const KEYS = [
  "noise/known.bin",
  "noise/form",
  "noise/framed-1",
  "noise/a%20b.jpg",
  "noise/%00",
  "noise/%FF%FE",
  "noise/..%2F..%2Fetc%2Fpasswd",
  "noise/../../etc/passwd",
  "noise//",
  "noise/%E4%BD%A0",
  "noise/constructor",
  "__proto__",
  `noise/${"x".repeat(1100)}`,
];
const QUERIES = [
  "",
  "",
  "tagging=",
  "uploads=",
  "uploadId=nope",
  "partNumber=1&uploadId=nope",
  "partNumber=1&uploadId=UPLOAD",
  "partNumber=2&uploadId=UPLOAD",
  "uploadId=UPLOAD",
  "uploadId=UPLOAD",
  "partNumber=-1",
  "partNumber=99999999999999999999",
  "list-type=2",
  "list-type=2&max-keys=-1",
  "encoding-type=url&list-type=2&max-keys=1",
  "encoding-type=base64",
  "continuation-token=%00&list-type=2",
  "delimiter=%2F&prefix=noise",
  "delete=",
  "acl=",
  "versioning=",
  "versionId=x",
  "location=",
  "response-content-type=%0D%0Ax-evil%3A1",
  "response-expires=%00",
  "attributes=",
  "select=&select-type=2",
  "max-uploads=x&uploads=",
  "__proto__=1",
];
const HEADERS: readonly (readonly [string, string])[] = [
  ["range", "bytes=0-"],
  ["range", "bytes=9-2"],
  ["range", "bytes=-0"],
  ["range", `bytes=0-${"9".repeat(40)}`],
  ["range", "bytes=0-1,3-4"],
  ["content-md5", "AAAA"],
  ["content-md5", "not base64"],
  ["x-amz-checksum-crc32", "AAAAAA=="],
  ["x-amz-checksum-sha256", "x"],
  ["x-amz-checksum-crc64nvme", ""],
  ["x-amz-sdk-checksum-algorithm", "MD4"],
  ["x-amz-checksum-algorithm", "CRC32C"],
  ["x-amz-checksum-type", "FULL_OBJECT"],
  ["x-amz-trailer", "x-amz-checksum-crc32"],
  ["x-amz-decoded-content-length", "-5"],
  ["x-amz-copy-source", "nowhere"],
  ["x-amz-copy-source", "%ZZ/%"],
  ["x-amz-copy-source", "/BUCKET/noise/known.bin"],
  ["x-amz-copy-source-range", "bytes=5-1"],
  ["x-amz-metadata-directive", "MAYBE"],
  ["x-amz-tagging", "a=1&a=2"],
  ["x-amz-tagging", "%"],
  ["x-amz-tagging", `a=${"b".repeat(400)}`],
  ["x-amz-meta-user-profile-id", "=?utf-8?B?////?="],
  ["x-amz-meta-user-profile-id", "\u00ff\u00fe"],
  ["x-amz-meta-long", "m".repeat(2100)],
  ["x-amz-acl", "public-read"],
  ["x-amz-storage-class", "GLACIER"],
  ["x-amz-server-side-encryption", "aws:kms"],
  ["x-amz-object-lock-mode", "GOVERNANCE"],
  ["x-amz-expected-bucket-owner", "1"],
  ["if-match", '"0"'],
  ["if-none-match", "*"],
  ["if-modified-since", "not a date"],
  ["if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT"],
  ["if-range", "x"],
  ["origin", "https://example.org"],
  ["access-control-request-method", "PUT"],
  ["content-type", "multipart/form-data"],
  ["content-type", "multipart/form-data; boundary=x"],
  ["content-encoding", "aws-chunked"],
];
const DOCUMENTS = [
  "<Delete><Object><Key>noise/a</Key></Object><Object><Key>noise/b</Key></Object><Quiet>true</Quiet></Delete>",
  '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><Delete><Object><Key>&c;</Key></Object></Delete>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd"><Delete><Object><Key>x</Key></Object></Delete>',
  "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag><Tag><Key>a</Key><Value>c</Value></Tag></TagSet></Tagging>",
  "<Tagging><TagSet/></Tagging>",
  '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"0"</ETag></Part></CompleteMultipartUpload>',
  // The MD5 of nothing: the part that this fuzz sends most.
  '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"d41d8cd98f00b204e9800998ecf8427e"</ETag></Part></CompleteMultipartUpload>',
  "<CompleteMultipartUpload><Part><PartNumber>1e9</PartNumber></Part><Part/></CompleteMultipartUpload>",
  "<Delete><Object><Key>&#0;&#x110000;&unknown;</Key><VersionId>1</VersionId></Object></Delete>",
  "<__proto__><constructor>1</constructor></__proto__>",
  "",
];
const MODES = [
  "UNSIGNED-PAYLOAD",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
];

/** Any request, with whatever query and headers, and a body that may be a document. */
export function anyS3Request(random: Random, names: Names): FuzzRequest {
  const bucket = random.pick([names.bucket, names.bucket, names.bucket, "no-such-bucket", "", "%00", "UPPER"]);
  const query = random.pick(QUERIES).replace("UPLOAD", random.pick(names.uploadIds));
  const key = query.includes("uploadId=") ? "noise/known.bin" : random.pick(["", ...KEYS]);
  const method = random.pick(["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"]);
  const headers: Record<string, string> = { host: names.host };
  for (let count = random.below(4); count > 0; count -= 1) {
    const [name, value] = random.pick(HEADERS);
    headers[name] = value.replace("BUCKET", names.bucket);
  }
  const hasBody = method !== "GET" && method !== "HEAD" && random.chance(0.8);
  const document = random.chance(0.03) ? deepText(random) : random.pick(DOCUMENTS);
  const body = hasBody ? mutateText(random, document) : Buffer.alloc(0);
  if (random.chance(0.6)) headers["content-md5"] ??= createHash("md5").update(body).digest("base64");
  const draft = { method, path: `/${bucket}/${key}${query === "" ? "" : `?${query}`}`, headers, body };
  return toRequest(random, "s3", random.chance(0.9) ? signDraft("s3", draft) : draft);
}

/** An upload in one of the framings, spoilt on its way; some are large enough to lie in a file. */
export function framedUpload(random: Random, names: Names): FuzzRequest {
  const size = random.chance(0.04) ? 1_500_000 : random.below(5000);
  const content = Buffer.alloc(size, random.below(256));
  const mode = random.pick(MODES);
  const headers: Record<string, string> = {
    host: names.host,
    "x-amz-decoded-content-length": String(random.chance(0.9) ? size : random.below(10_000)),
    ...(mode.endsWith("TRAILER")
      ? { "x-amz-trailer": random.pick(["x-amz-checksum-crc32", "x-amz-checksum-x", ""]) }
      : {}),
  };
  const path = `/${names.bucket}/noise/framed-${random.below(50)}`;
  const signed = signDraft("s3", { method: "PUT", path, headers, body: content }, mode);
  const chunkBytes = random.pick([1024, 8192, 65_536, 2_000_000]);
  const framed = mode.includes("HMAC")
    ? signChunks(signed.seed, content, chunkBytes)
    : Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`), content, Buffer.from("\r\n0\r\n")]);
  const trailer = random.pick([
    "",
    "x-amz-checksum-crc32:AAAAAA==\r\n",
    "x-amz-checksum-crc32:\r\nx",
    ":\r\n",
    "\u0000",
  ]);
  const whole = mode === "UNSIGNED-PAYLOAD" ? content : Buffer.concat([framed, Buffer.from(`${trailer}\r\n`)]);
  const body = random.chance(0.7) ? spoil(random, whole) : whole;
  return toRequest(random, "s3 upload", { ...signed, body });
}

/** Flips bytes in place of mutateText, which would copy a large body many times. */
function spoil(random: Random, bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  if (random.chance(0.3)) return bytes.subarray(0, random.below(bytes.length));
  bytes[random.below(Math.min(bytes.length, 200))] = random.below(256);
  return bytes;
}

const FORM_FIELDS = [
  ["tagging", ""],
  ["Content-Type", "image/\u4f60"],
  ["Cache-Control", "\u0000"],
  ["x-amz-meta-user-profile-id", "\u0001"],
  ["x-amz-meta-a b", "1"],
  ["x-amz-storage-class", "GLACIER"],
  ["success_action_redirect", "http://["],
  ["success_action_redirect", "https://example.org/\r\nx: y"],
  ["success_action_status", "201"],
  ["x-amz-checksum-crc32", "AAAAAA=="],
  ["big", "b".repeat(25_000)],
  ["x-ignore-this", "1"],
  ["__proto__", "1"],
] as const;

/** A browser's form: boundaries, fields and policies that do not hold, and some that do. */
export function formUpload(random: Random, names: Names): FuzzRequest {
  const boundary = random.chance(0.7)
    ? "x"
    : random.pick(["----WebKitFormBoundary7MA4", "", "a b", '"'.repeat(3), "é"]);
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const extra = FORM_FIELDS.filter(() => random.chance(0.1));
  const signed = ["key", "x-amz-algorithm", "x-amz-credential", "x-amz-date"];
  const allowed = [
    ...signed.map((name) => ["starts-with", `$${name}`, ""]),
    ...extra.map(([name]) => ["starts-with", `$${name}`, ""]),
  ];
  const policy = Buffer.from(
    random.chance(0.8)
      ? JSON.stringify({ expiration: "2099-01-01T00:00:00Z", conditions: allowed })
      : random.pick(["{", "[]", "null", '{"expiration":"2099-01-01T00:00:00Z","conditions":5}']),
  ).toString("base64");
  const fields = [
    field("key", random.pick(["noise/form-${filename}", "noise/form", "noise/form", "", "\u0000"])),
    field("policy", policy),
    ...(random.chance(0.8)
      ? signForm(policy).map(([name, value]) => field(name, value))
      : [field("x-amz-credential", "test/20260101/eu-west-1/s3/aws4_request"), field("x-amz-signature", "00")]),
    ...extra.map(([name, value]) => field(name, name === "tagging" ? random.pick(DOCUMENTS) : value)),
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${random.word(5)}"\r\n\r\nphoto\r\n`,
  ].filter(() => !random.chance(0.04));
  const form = `${fields.join("")}--${boundary}--\r\n`;
  const body = random.chance(0.4) ? mutateText(random, form) : Buffer.from(form);
  const headers = { host: names.host, "content-type": `multipart/form-data; boundary=${boundary}` };
  return toRequest(random, "s3 form", { method: "POST", path: `/${names.bucket}`, headers, body });
}
