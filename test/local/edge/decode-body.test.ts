// Requests that are compressed by their sender, as DynamoDB takes them.

import { deflateSync, gzipSync } from "node:zlib";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { startDynamodb, USER_PROFILE } from "../dynamodb/harness";

let aws: Awaited<ReturnType<typeof startDynamodb>>;
beforeAll(async () => {
  aws = await startDynamodb();
  await aws.dynamodb.createTable(USER_PROFILE);
});
afterAll(() => aws.close());

const TableName = USER_PROFILE.tableName;
const Item = { id: { N: "1" }, name: { S: "Pete Mitchell" } };

/** Puts the item by a request with this body in place of its own, signed. */
function put(encoding: string, encode: (body: string) => Uint8Array) {
  const command = new PutItemCommand({ TableName, Item });
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: Uint8Array; headers: Record<string, string> };
      request.body = encode(Buffer.from(request.body).toString());
      request.headers["content-encoding"] = encoding;
      return next(args);
    },
    { step: "build", priority: "high" },
  );
  return aws.client.send(command);
}

const SPACES = " ".repeat(17 * 1024 * 1024);

test.each([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["GZIP", gzipSync],
])("a body that is compressed by %s is read, and published as it was", async (encoding, encode) => {
  await put(encoding, encode);
  expect((await aws.client.send(new GetItemCommand({ TableName, Key: { id: Item.id } }))).Item).toEqual(Item);
  const { request } = aws.activities.find(({ action }) => action === "PutItem") ?? {};
  expect(JSON.parse(String(request?.body))).toEqual({ TableName, Item });
});

test.each<[string, string, (body: string) => Uint8Array, number, string]>([
  ["another compression", "br", gzipSync, 500, "Content-Encoding must be one of gzip, deflate (given br)"],
  ["no compression", "gzip", (body) => Buffer.from(body), 500, "not what Content-Encoding says (given gzip)"],
  ["a part of it", "gzip", (body) => gzipSync(body).subarray(0, -1), 500, "not what Content-Encoding says"],
  ["nothing", "deflate", () => Buffer.alloc(0), 500, "not what Content-Encoding says (given deflate)"],
  ["more than a request may have", "gzip", (body) => gzipSync(body + SPACES), 413, "smaller than 16777216 bytes"],
])("a body that is %s is refused", async (_what, encoding, encode, httpStatusCode, message) => {
  await expect(put(encoding, encode)).rejects.toMatchObject({
    message: expect.stringContaining(message),
    $metadata: { httpStatusCode },
  });
  expect(aws.bugs).toEqual([]);
});
