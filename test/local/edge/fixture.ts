// An edge before stub services, for the tests of signatures, routes and broken requests.

import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { type Activity, createActivityStream } from "../../../local/activity";
import type { AwsError } from "../../../local/aws-error";
import { createEdge } from "../../../local/edge";
import { createIam } from "../../../local/iam";
import type { Credentials } from "../../../local/iam/types";
import type { RequestContext, Service } from "../../../local/service";

export const REGION = "eu-west-1";
export const ADMINISTRATOR = { accessKeyId: "test", secretAccessKey: "test" };

/** What a stub service was handed. */
export interface Received {
  readonly service: string;
  readonly context: RequestContext;
  readonly body: Buffer;
}

export interface EdgeFixtureOptions {
  readonly clock?: () => number;
  /** Runs instead of a stub's answer. */
  readonly handle?: Service["handle"];
}

/** Starts an edge on a free port; `close` it in afterAll. */
export async function startEdge({ clock, handle }: EdgeFixtureOptions = {}) {
  const account = { accountId: "111122223333", region: REGION, endpoint: "" };
  const activity = createActivityStream();
  const activities: Activity[] = [];
  const received: Received[] = [];
  const bugs: unknown[] = [];
  const iam = createIam({ account, activity });
  activity.subscribe((each) => activities.push(each));

  const stub = (service: string): Service => ({
    async handle(request, response, context) {
      if (handle !== undefined) return handle(request, response, context);
      const body = service === "s3" ? await bodyOf(request) : context.body;
      received.push({ service, context, body });
      context.describe("Stub", `arn:aws:${service}:::stub`, { bytes: body.length });
      response.writeHead(200, { etag: '"0"', "content-type": "application/x-amz-json-1.0" });
      response.end(service === "s3" ? "" : "{}");
    },
    refuse: service === "s3" ? refuseXml : refuseJson,
    close: async () => {},
  });

  const names = ["s3", "dynamodb", "streams", "lambda", "logs", "ssm", "tinify"];
  const services = Object.fromEntries(names.map((name) => [name, stub(name)]));
  const onBug = (bug: unknown) => bugs.push(bug);
  const edge = createEdge({ account, activity, iam, services, clock, onBug });
  const port = await edge.listen(0);
  return { account, iam, edge, port, endpoint: account.endpoint, activities, received, bugs, close: edge.close };
}

/** Keys of a new role, as a function's instance gets them. */
export function issueRoleKeys({ iam }: Pick<Awaited<ReturnType<typeof startEdge>>, "iam">): Required<Credentials> {
  const { arn: roleArn } = iam.createRole({
    roleName: "Thumbnailer",
    assumeRolePolicyDocument: JSON.stringify({
      Statement: { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    }),
  });
  const keys = iam.assumeRole({ roleArn, service: "lambda.amazonaws.com", sessionName: "session" });
  return keys as Required<Credentials>;
}

/** Sends bytes and resolves with all that comes back until the server closes the connection. */
export function sendBytes(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
    socket.write(bytes);
  });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const refuseXml: Service["refuse"] = (error, request, response, requestId) => {
  const fields = { Code: error.code, Message: error.message, ...error.fields, RequestId: requestId };
  const members = Object.entries(fields).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
  response.writeHead(error.status, { "content-type": "application/xml" });
  response.end(request.method === "HEAD" ? undefined : `<Error>${members.join("")}</Error>`);
};

const refuseJson: Service["refuse"] = (error: AwsError, _request, response, requestId) => {
  response.writeHead(error.status, { "x-amzn-requestid": requestId, "x-amzn-errortype": error.code });
  response.end(JSON.stringify({ __type: error.code, message: error.message }));
};

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
