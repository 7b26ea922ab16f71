import { createHmac } from "node:crypto";
import { issueRoleKeys, startEdge } from "./fixture";

type Fixture = Awaited<ReturnType<typeof startEdge>>;

const NOW = Date.parse("2026-11-24T12:00:00Z");
const IN_A_MINUTE = String(NOW / 1000 + 60);

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startEdge({ clock: () => NOW });
});
afterAll(() => fixture.close());

/** A URL as boto3 presigns it by default. */
function presign(
  stringToSign: string,
  resource: string,
  query: Record<string, string> = {},
  keys = { accessKeyId: "test", secretAccessKey: "test" },
) {
  const Signature = createHmac("sha1", keys.secretAccessKey).update(stringToSign).digest("base64");
  const Expires = stringToSign.split("\n")[3] ?? "";
  const search = new URLSearchParams({ ...query, AWSAccessKeyId: keys.accessKeyId, Signature, Expires });
  return `${fixture.endpoint}${resource}?${search}`;
}

async function codeOf(url: string, init?: RequestInit): Promise<string | undefined> {
  const answer = await fetch(url, init);
  return /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1] ?? String(answer.status);
}

const GET = `GET\n\n\n${IN_A_MINUTE}\n/photos/a%20b.jpg`;

describe("A URL presigned with signature version 2, boto3's default in eu-west-1", () => {
  test("is accepted", async () => {
    expect(await codeOf(presign(GET, "/photos/a%20b.jpg"))).toBe("200");
    expect(fixture.received.at(-1)?.context).toMatchObject({
      caller: { kind: "administrator" },
      signature: { payloadHash: "UNSIGNED-PAYLOAD" },
    });
  });

  test("signs content type and x-amz headers, in the query or beside it", async () => {
    const text = `PUT\n\nimage/jpeg\n${IN_A_MINUTE}\nx-amz-meta-user-profile-id:1\n/photos/1.jpg`;
    const amz = { "x-amz-meta-user-profile-id": "1" };
    const inQuery = presign(text, "/photos/1.jpg", { "content-type": "image/jpeg", ...amz });
    expect(await codeOf(inQuery, { method: "PUT", body: "x" })).toBe("200");
    const beside = presign(text, "/photos/1.jpg");
    expect(await codeOf(beside, { method: "PUT", body: "x", headers: { "content-type": "image/jpeg", ...amz } })).toBe(
      "200",
    );
    expect(await codeOf(beside, { method: "PUT", body: "x", headers: { "content-type": "image/png", ...amz } })).toBe(
      "SignatureDoesNotMatch",
    );
    expect(await codeOf(beside, { method: "PUT", body: "x", headers: { "content-type": "image/jpeg" } })).toBe(
      "SignatureDoesNotMatch",
    );
  });

  test("signs subresources and overrides of response headers", async () => {
    const text = `GET\n\n\n${IN_A_MINUTE}\n/photos/1.jpg?response-content-type=image/png&tagging`;
    expect(await codeOf(presign(text, "/photos/1.jpg", { tagging: "", "response-content-type": "image/png" }))).toBe(
      "200",
    );
    expect(await codeOf(presign(text, "/photos/1.jpg", { tagging: "" }))).toBe("SignatureDoesNotMatch");
  });

  test("means a role with the role's keys and token", async () => {
    const keys = issueRoleKeys(fixture);
    const text = `GET\n\n\n${IN_A_MINUTE}\nx-amz-security-token:${keys.sessionToken}\n/photos/1.jpg`;
    expect(await codeOf(presign(text, "/photos/1.jpg", { "x-amz-security-token": keys.sessionToken }, keys))).toBe(
      "200",
    );
    expect(fixture.received.at(-1)?.context.caller).toMatchObject(keys.caller);
    expect(await codeOf(presign(`GET\n\n\n${IN_A_MINUTE}\n/photos/1.jpg`, "/photos/1.jpg", {}, keys))).toBe(
      "InvalidToken",
    );
  });

  test.each<[string, () => string, string]>([
    ["for another object", () => presign(GET, "/photos/2.jpg"), "SignatureDoesNotMatch"],
    [
      "with a wrong secret",
      () => presign(GET, "/photos/a%20b.jpg", {}, { accessKeyId: "test", secretAccessKey: "x" }),
      "SignatureDoesNotMatch",
    ],
    [
      "with an unknown key",
      () => presign(GET, "/photos/a%20b.jpg", {}, { accessKeyId: "x", secretAccessKey: "x" }),
      "InvalidAccessKeyId",
    ],
    ["expired", () => presign(`GET\n\n\n${NOW / 1000 - 1}\n/photos/1.jpg`, "/photos/1.jpg"), "AccessDenied"],
    ["with another date", () => presign("GET\n\n\ntomorrow\n/photos/1.jpg", "/photos/1.jpg"), "AccessDenied"],
  ])("is refused %s", async (_name, url, code) => {
    expect(await codeOf(url())).toBe(code);
  });
});
