import { createHash } from "node:crypto";
import { type CanonicalInput, canonicalRequestOf, stringToSignOf } from "../../../local/edge/canonical-request";
import { deriveSigningKey, sign } from "../../../local/edge/signing-key";

const EMPTY = createHash("sha256").digest("hex");

function signatureOf(input: CanonicalInput, secretAccessKey: string, timestamp: string, service: string): string {
  const scope = { date: timestamp.slice(0, 8), region: "us-east-1", service };
  const scopeText = `${scope.date}/${scope.region}/${service}/aws4_request`;
  return sign(
    deriveSigningKey(secretAccessKey, scope),
    stringToSignOf(canonicalRequestOf(input), timestamp, scopeText),
  );
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html#example-signature-calculations
describe("The signatures of S3's documentation are reproduced", () => {
  const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  const HOST = ["Host", "examplebucket.s3.amazonaws.com"];
  const DATE = ["x-amz-date", "20130524T000000Z"];
  const base = { method: "GET", path: "/", rawQuery: "", isS3: true, payloadHash: EMPTY };
  const body = createHash("sha256").update("Welcome to Amazon S3.").digest("hex");

  test.each<[string, Partial<CanonicalInput> & Pick<CanonicalInput, "rawHeaders" | "signedHeaders">, string]>([
    [
      "GET with a range",
      {
        path: "/test.txt",
        rawHeaders: [...HOST, "Range", "bytes=0-9", "x-amz-content-sha256", EMPTY, ...DATE],
        signedHeaders: ["host", "range", "x-amz-content-sha256", "x-amz-date"],
      },
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ],
    [
      "PUT of a key with a dollar",
      {
        method: "PUT",
        path: "/test$file.text",
        rawHeaders: [
          ...HOST,
          ...["Date", "Fri, 24 May 2013 00:00:00 GMT", ...DATE],
          ...["x-amz-storage-class", "REDUCED_REDUNDANCY", "x-amz-content-sha256", body],
        ],
        signedHeaders: ["date", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-storage-class"],
        payloadHash: body,
      },
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    [
      "a subresource without a value",
      {
        rawQuery: "lifecycle",
        rawHeaders: [...HOST, "x-amz-content-sha256", EMPTY, ...DATE],
        signedHeaders: ["host", "x-amz-content-sha256", "x-amz-date"],
      },
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ],
    [
      "a list with two parameters",
      {
        rawQuery: "max-keys=2&prefix=J",
        rawHeaders: [...HOST, "x-amz-content-sha256", EMPTY, ...DATE],
        signedHeaders: ["host", "x-amz-content-sha256", "x-amz-date"],
      },
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
    [
      "a presigned URL",
      {
        path: "/test.txt",
        rawQuery:
          "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=00",
        rawHeaders: HOST,
        signedHeaders: ["host"],
        payloadHash: "UNSIGNED-PAYLOAD",
      },
      "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    ],
  ])("%s", (_name, input, signature) => {
    expect(signatureOf({ ...base, ...input }, SECRET, "20130524T000000Z", "s3")).toBe(signature);
  });
});

// AWS's Signature Version 4 test suite, formerly at
// https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html
describe("The signatures of AWS's test suite are reproduced", () => {
  const base = { method: "GET", path: "/", rawQuery: "", isS3: false, payloadHash: EMPTY };
  const headers = ["Host", "example.amazonaws.com", "X-Amz-Date", "20150830T123600Z"];
  const signedHeaders = ["host", "x-amz-date"];

  test.each<[string, Partial<CanonicalInput>, string]>([
    ["get-vanilla", {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
    [
      "get-vanilla-query-order-key-case",
      { rawQuery: "Param2=value2&Param1=value1" },
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
    [
      "get-header-key-duplicate",
      {
        rawHeaders: [...headers, "My-Header1", "value2", "My-Header1", "value2", "My-Header1", "value1"],
        signedHeaders: ["host", "my-header1", "x-amz-date"],
      },
      "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
    ],
    ["post-vanilla", { method: "POST" }, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  ])("%s", (_name, input, signature) => {
    const request = { ...base, rawHeaders: headers, signedHeaders, ...input };
    expect(signatureOf(request, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830T123600Z", "service")).toBe(
      signature,
    );
  });
});

describe("The canonical form of what clients send", () => {
  const canonical = (input: Partial<CanonicalInput>) =>
    canonicalRequestOf({
      method: "GET",
      path: "/",
      rawQuery: "",
      rawHeaders: [],
      signedHeaders: [],
      payloadHash: "",
      isS3: true,
      ...input,
    }).split("\n");

  test.each([
    ["S3 keeps what is encoded", true, "/b/a%20b", "/b/a%20b"],
    ["S3 encodes what should have been", true, "/b/a+b(1)!", "/b/a%2Bb%281%29%21"],
    ["S3 decodes what need not be encoded", true, "/b/%61%7e%2F", "/b/a~/"],
    ["S3 writes hex in upper case", true, "/b/%c3%bc", "/b/%C3%BC"],
    ["S3 encodes raw bytes", true, "/b/\u00c3\u00bc", "/b/%C3%BC"],
    ["S3 keeps dots and slashes of keys", true, "/b//a/../c/.", "/b//a/../c/."],
    ["others encode again", false, "/2015-03-31/functions/arn%3Aaws", "/2015-03-31/functions/arn%253Aaws"],
    ["others remove dots and slashes", false, "/a//./b/../c/", "/a/c/"],
    ["others come down to the root", false, "/a/../..", "/"],
  ])("%s", (_name, isS3, path, expected) => {
    expect(canonical({ isS3, path })[1]).toBe(expected);
  });

  test.each([
    ["sorts by name, then by value", "b=2&a=2&a=1&B=3", "B=3&a=1&a=2&b=2"],
    ["sorts a name before its longer relatives", "a-b=1&a=2", "a=2&a-b=1"],
    ["gives every name an equals sign", "tagging", "tagging="],
    ["splits at the first equals sign", "a=b=c", "a=b%3Dc"],
    ["takes a plus for a space", "prefix=a+b", "prefix=a%20b"],
    ["encodes slashes", "prefix=a/b%2fc", "prefix=a%2Fb%2Fc"],
    ["leaves the signature out", "X-Amz-Signature=00&x=1", "x=1"],
    ["ignores empty pairs", "&a=1&&", "a=1"],
  ])("the query %s", (_name, rawQuery, expected) => {
    expect(canonical({ rawQuery })[2]).toBe(expected);
  });

  test("headers are trimmed, their spaces collapsed, repetitions joined", () => {
    const rawHeaders = ["X-B", "  a   b ", "x-a", "1", "X-A", "2"];
    expect(canonical({ rawHeaders, signedHeaders: ["x-a", "x-b"] }).slice(3)).toEqual([
      "x-a:1,2",
      "x-b:a b",
      "",
      "x-a;x-b",
      "",
    ]);
  });
});
