// Requests to the JSON services with malformed insides: DynamoDB, its streams, CloudWatch Logs, Parameter Store, Lambda and TinyPNG.

import { deepText, mutateJson, mutateText } from "./mutate";
import type { Names } from "./names";
import type { Random } from "./random";
import { type FuzzRequest, toRequest } from "./request";
import { signDraft } from "./sign";

type Inputs = Readonly<Record<string, unknown>>;

/** One right input of each operation. Profiles from 5000 on are nobody's. */
const operationsOf = ({ table, streamArn, shardIterator }: Names): Readonly<Record<string, Inputs>> => ({
  DynamoDB_20120810: {
    GetItem: {
      TableName: table,
      Key: { id: { N: "1" } },
      ProjectionExpression: "#n",
      ExpressionAttributeNames: { "#n": "nick" },
    },
    PutItem: {
      TableName: table,
      Item: { id: { N: "5001" }, name: { S: "x" }, list: { L: [{ M: { a: { SS: ["b"] } } }] } },
    },
    UpdateItem: {
      TableName: table,
      Key: { id: { N: "5002" } },
      UpdateExpression: "SET a.b[1] = if_not_exists(c, :v) + :w REMOVE d ADD e :w DELETE f :s",
      ConditionExpression: "attribute_exists(id) AND size(#n) BETWEEN :v AND :w OR NOT contains(a, :s)",
      ExpressionAttributeNames: { "#n": "name" },
      ExpressionAttributeValues: { ":v": { N: "1" }, ":w": { N: "2" }, ":s": { SS: ["x"] } },
      ReturnValues: "ALL_NEW",
    },
    DeleteItem: { TableName: table, Key: { id: { N: "5003" } }, ReturnValues: "ALL_OLD" },
    BatchWriteItem: {
      RequestItems: {
        [table]: [{ PutRequest: { Item: { id: { N: "5004" } } } }, { DeleteRequest: { Key: { id: { N: "5005" } } } }],
      },
    },
    BatchGetItem: { RequestItems: { [table]: { Keys: [{ id: { N: "1" } }], ConsistentRead: true } } },
    Query: {
      TableName: table,
      KeyConditionExpression: "id = :i",
      ExpressionAttributeValues: { ":i": { N: "1" } },
      Limit: 1,
    },
    Scan: {
      TableName: table,
      Segment: 0,
      TotalSegments: 2,
      FilterExpression: "begins_with(nick, :n)",
      ExpressionAttributeValues: { ":n": { S: "M" } },
      ExclusiveStartKey: { id: { N: "1" } },
    },
    DescribeTable: { TableName: table },
    ListTables: { Limit: 1, ExclusiveStartTableName: "abc" },
    ListTagsOfResource: { ResourceArn: `arn:aws:dynamodb:eu-west-1:111122223333:table/${table}` },
    DescribeTimeToLive: { TableName: table },
    TransactWriteItems: { TransactItems: [{ Put: { TableName: table, Item: { id: { N: "5006" } } } }] },
    constructor: {},
  },
  DynamoDBStreams_20120810: {
    ListStreams: { TableName: table, Limit: 1 },
    DescribeStream: { StreamArn: streamArn },
    GetShardIterator: {
      StreamArn: streamArn,
      ShardId: "shardId-00000000000000000000-00000000",
      ShardIteratorType: "AT_SEQUENCE_NUMBER",
      SequenceNumber: "000000000000000000001",
    },
    GetRecords: { ShardIterator: shardIterator, Limit: 10 },
    __proto__: {},
  },
  Logs_20140328: {
    DescribeLogGroups: { logGroupNamePrefix: "/aws", limit: 5 },
    DescribeLogStreams: {
      logGroupName: "/aws/lambda/SetProfileImage",
      orderBy: "LastEventTime",
      descending: true,
      limit: 1,
    },
    GetLogEvents: {
      logGroupName: "/aws/lambda/SetProfileImage",
      logStreamName: "x",
      startFromHead: true,
      nextToken: "f/0",
      startTime: 0,
      endTime: 1,
    },
    FilterLogEvents: {
      logGroupName: "/aws/lambda/SetProfileImage",
      filterPattern: '{ $.a = "b" }',
      limit: 3,
      logStreamNamePrefix: "2",
      interleaved: true,
    },
    PutLogEvents: { logGroupName: "x", logStreamName: "y", logEvents: [{ timestamp: 1, message: "z" }] },
  },
  AmazonSSM: {
    GetParameter: { Name: "/profile-image/tinypng-key", WithDecryption: true },
    GetParameters: { Names: ["/profile-image/tinypng-key", "/noise/a"], WithDecryption: false },
    PutParameter: { Name: "/noise/a", Value: "b", Type: "SecureString", Overwrite: true, Tier: "Standard" },
    DescribeParameters: { MaxResults: 1 },
  },
});

/** What is not DynamoDB's. */
const SIGNING_NAMES: Readonly<Record<string, string>> = { Logs_20140328: "logs", AmazonSSM: "ssm" };

/** A spoilt document, sometimes spoilt again as text. */
function documentOf(random: Random, input: unknown): Buffer {
  if (random.chance(0.02)) return Buffer.from(deepText(random));
  const text = JSON.stringify(mutateJson(random, input, random.pick([0, 0.02, 0.06, 0.15])));
  return random.chance(0.2) ? mutateText(random, text) : Buffer.from(text);
}

/** An operation of one of the services whose operation is in X-Amz-Target. */
export function targetRequest(random: Random, names: Names): FuzzRequest {
  const services = Object.entries(operationsOf(names));
  const [prefix, operations] = random.pick(services);
  const [operation, input] = random.pick(Object.entries(operations));
  const target = random.chance(0.95)
    ? `${prefix}.${operation}`
    : random.pick([prefix, ".", `${prefix}.`, random.word(9)]);
  const headers = {
    host: names.host,
    "content-type": random.pick(["application/x-amz-json-1.0", "application/x-amz-json-1.1", "text/plain"]),
    "x-amz-target": target,
  };
  const method = random.chance(0.95) ? "POST" : random.pick(["GET", "PUT", "HEAD"]);
  const path = random.chance(0.97) ? "/" : `/?${random.pick(["Action=ListTables", "a=%00", "__proto__=1"])}`;
  const draft = { method, path, headers, body: documentOf(random, input) };
  const service = SIGNING_NAMES[prefix] ?? "dynamodb";
  return toRequest(random, service, random.chance(0.92) ? signDraft(service, draft) : draft);
}

const LAMBDA_PATHS = [
  "/2015-03-31/functions",
  "/2015-03-31/functions/",
  "/2015-03-31/functions/NAME",
  "/2015-03-31/functions/NAME/configuration",
  "/2015-03-31/functions/NAME/policy",
  "/2015-03-31/functions/NAME%3A%24LATEST/configuration",
  "/2015-03-31/functions/%25%00%FF",
  "/2015-03-31/functions/__proto__",
  "/2015-03-31/functions/arn%3Aaws%3Alambda%3A%3A%3A%3A",
  "/2015-03-31/functions?MaxItems=-1&Marker=x",
  "/2015-03-31/functions?MaxItems=1e9",
  "/2019-09-25/functions/NAME/event-invoke-config",
  "/2019-09-30/functions/NAME/concurrency",
  "/2015-03-31/event-source-mappings",
  "/2015-03-31/event-source-mappings?FunctionName=&EventSourceArn=x",
  "/2015-03-31/event-source-mappings/__proto__",
  "/2016-08-19/account-settings/",
  "/2017-03-31/tags/x",
];
const S3_EVENT = {
  Records: [
    {
      eventName: "ObjectCreated:Put",
      s3: { bucket: { name: "nobody" }, object: { key: "original/a+b%20c.jpg", sequencer: "00", eTag: "0", size: 1 } },
    },
  ],
};

/** Lambda's REST interface: descriptions, and now and then an invocation with an odd event. */
export function lambdaRequest(random: Random, names: Names): FuzzRequest {
  const isInvocation = random.chance(0.25);
  const path = isInvocation ? "/2015-03-31/functions/NAME/invocations" : random.pick(LAMBDA_PATHS);
  const headers: Record<string, string> = { host: names.host };
  if (random.chance(0.3))
    headers["x-amz-invocation-type"] = random.pick(["DryRun", "RequestResponse", "Sometimes", ""]);
  if (random.chance(0.3)) headers["x-amz-log-type"] = random.pick(["Tail", "Head"]);
  if (random.chance(0.3)) headers["x-amz-client-context"] = random.pick(["e30=", "e", "IiLDpCI=", "%%"]);
  if (random.chance(0.2)) headers["x-amzn-trace-id"] = random.pick(["Root=1", "\u00e4", "x".repeat(500)]);
  const method = isInvocation ? "POST" : random.pick(["GET", "GET", "POST", "PUT", "DELETE"]);
  const body = method === "GET" ? Buffer.alloc(0) : documentOf(random, S3_EVENT);
  const draft = { method, path: path.replace("NAME", names.functionName), headers, body };
  return toRequest(random, "lambda", random.chance(0.9) ? signDraft("lambda", draft) : draft, isInvocation);
}

/** TinyPNG's interface: images that are not, keys that are wrong, results that do not exist. */
export function tinifyRequest(random: Random, names: Names): FuzzRequest {
  const key = random.chance(0.85) ? names.tinypngKey : random.word(8);
  const image = Buffer.from(`/9j/4AAQSkZJRgABAQ${random.pick(["AAAQABAAD/2wBD", "//////8A/9k=", ""])}`, "base64");
  const body = random.pick([
    image,
    Buffer.concat([image, random.bytes(200)]),
    Buffer.from("89504e470d0a1a0a0000000d49484452ffffffffffffffff08060000001f15c489", "hex"),
    Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='99999' height='99999'/>"),
    Buffer.from("RIFF\u0000\u0000\u0000\u0000WEBPVP8 "),
    documentOf(random, { source: { url: "http://127.0.0.1/" }, resize: { method: "fit", width: 150, height: 150 } }),
    random.bytes(random.below(300)),
    Buffer.alloc(0),
  ]);
  const headers: Record<string, string> = {
    host: "api.tinify.com",
    authorization: random.pick([
      `Basic ${Buffer.from(`api:${key}`).toString("base64")}`,
      "Basic",
      "Bearer x",
      "Basic %%%",
    ]),
    "content-type": random.pick(["image/jpeg", "application/json", ""]),
  };
  const method = random.pick(["POST", "POST", "POST", "GET", "PUT", "HEAD"]);
  const path = random.pick(["/shrink", "/shrink", "/shrink", "/output/abc", "/output/__proto__", "/", "/shrink?x=%FF"]);
  return toRequest(random, "tinify", { method, path, headers, body });
}
