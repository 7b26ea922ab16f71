// A DynamoDB behind the edge, with IAM, and the SDK's clients for it.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { type Activity, createActivityStream } from "../../../local/activity";
import type { Journal } from "../../../local/data/journal";
import { createDynamodb } from "../../../local/dynamodb";
import type { CreateTableInput } from "../../../local/dynamodb/types";
import { createEdge } from "../../../local/edge";
import { createIam } from "../../../local/iam";
import { LAMBDA_TRUST, policyOf } from "../iam/account";

/** The article's table. */
export const USER_PROFILE: CreateTableInput = {
  tableName: "user-profile",
  attributeDefinitions: [{ attributeName: "id", attributeType: "N" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
  streamViewType: "NEW_AND_OLD_IMAGES",
};

export const TABLE_ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/user-profile";

/** Starts a DynamoDB on a free port. */
export async function startDynamodb(clock?: () => number, journal?: Journal) {
  const account = { accountId: "111122223333", region: "eu-west-1", endpoint: "" };
  const activity = createActivityStream();
  const activities: Activity[] = [];
  activity.subscribe((each) => activities.push(each));
  const iam = createIam({ account, activity });
  const dynamodb = createDynamodb({ account, activity, iam, clock, journal });
  const bugs: unknown[] = [];
  const edge = createEdge({ account, activity, iam, services: { dynamodb }, onBug: (bug) => bugs.push(bug) });
  await edge.listen(0);

  const clients: { destroy(): void }[] = [];
  function connect(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) {
    const options = { endpoint: account.endpoint, region: account.region, credentials, maxAttempts: 1 };
    const [client, streams] = [new DynamoDBClient(options), new DynamoDBStreamsClient(options)];
    clients.push(client, streams);
    return { client, streams };
  }

  return {
    ...connect({ accessKeyId: "test", secretAccessKey: "test" }),
    dynamodb,
    iam,
    activity,
    activities,
    /** Errors that are not refusals. */
    bugs,
    /** The clients of a function whose role has a policy with these statements. */
    asRole(...statements: readonly object[]) {
      const roleName = `Role${clients.length}`;
      const { arn } = iam.createRole({ roleName, assumeRolePolicyDocument: LAMBDA_TRUST });
      if (statements.length > 0) {
        iam.putRolePolicy({ roleName, policyName: "Inline", policyDocument: policyOf(...statements) });
      }
      return connect(iam.assumeRole({ roleArn: arn, service: "lambda.amazonaws.com", sessionName: "function" }));
    },
    async close() {
      for (const client of clients) client.destroy();
      await edge.close();
      await dynamodb.close();
    },
  };
}
