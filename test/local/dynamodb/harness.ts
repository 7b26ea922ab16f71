// A DynamoDB behind a bare HTTP server, and the SDK's clients for it.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { Account } from "../../../local/account";
import { createActivityStream } from "../../../local/activity";
import { AwsError } from "../../../local/aws-error";
import { createDynamodb } from "../../../local/dynamodb";
import type { CreateTableInput } from "../../../local/dynamodb/types";
import type { AuthorizationRequest, Iam } from "../../../local/iam/types";
import type { Caller } from "../../../local/service";

export const ACCOUNT: Account = { accountId: "111122223333", region: "eu-west-1", endpoint: "" };

const ADMINISTRATOR: Caller = { kind: "administrator", arn: "arn:aws:iam::111122223333:user/test" };

/** The article's table. */
export const USER_PROFILE: CreateTableInput = {
  tableName: "user-profile",
  attributeDefinitions: [{ attributeName: "id", attributeType: "N" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
  streamViewType: "NEW_AND_OLD_IMAGES",
};

/** An IAM that allows all but the given actions, and remembers what it was asked. */
export function createIamStub(denied: Set<string> = new Set()) {
  const asked: AuthorizationRequest[] = [];
  const authorize = (request: AuthorizationRequest) => {
    asked.push(request);
    if (denied.has(request.action)) {
      throw new AwsError("AccessDeniedException", `not authorized to perform: ${request.action}`, 400);
    }
  };
  return { iam: { authorize } as unknown as Iam, asked, denied };
}

/** Starts a DynamoDB on a free port. */
export async function startDynamodb(clock?: () => number) {
  const { iam, asked, denied } = createIamStub();
  const activity = createActivityStream();
  const dynamodb = createDynamodb({ account: ACCOUNT, activity, iam, clock });

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const context = {
      requestId: "request",
      caller: ADMINISTRATOR,
      path: "/",
      query: new URLSearchParams(),
      body: Buffer.concat(chunks),
      sourceIp: "127.0.0.1",
      describe: () => undefined,
    };
    try {
      await dynamodb.handle(request, response, context);
    } catch (error) {
      const refusal = error instanceof AwsError ? error : new AwsError("InternalServerError", String(error), 500);
      dynamodb.refuse(refusal, request, response, "request");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const options = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: ACCOUNT.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const client = new DynamoDBClient(options);
  const streams = new DynamoDBStreamsClient(options);

  return {
    dynamodb,
    client,
    streams,
    activity,
    asked,
    denied,
    endpoint: options.endpoint,
    async close() {
      client.destroy();
      streams.destroy();
      await dynamodb.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
