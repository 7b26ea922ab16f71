// An S3 behind the edge, with IAM, a recording notification target, and the SDK's clients for it.

import { readdirSync } from "node:fs";
import { request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { type Activity, createActivityStream } from "../../../local/activity";
import { createCall } from "../../../local/api/perform";
import { createEdge } from "../../../local/edge";
import type { FaultDecisions, Faults } from "../../../local/faults";
import { createIam } from "../../../local/iam";
import { createS3 } from "../../../local/s3";
import { ADMINISTRATOR, LAMBDA_TRUST, policyOf } from "../iam/account";

export const BUCKET = "user-profile-images-111122223333";
export const FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:SetProfileImage";

/** Another account, whose administrator calls too. */
export const OTHER_ACCOUNT = { accountId: "444455556666", accessKeyId: "other", secretAccessKey: "other" };

/** A public access block that blocks nothing. */
export const OPEN = {
  BlockPublicAcls: false,
  BlockPublicPolicy: false,
  IgnorePublicAcls: false,
  RestrictPublicBuckets: false,
};

/** An event record, as far as the tests look at it. */
export interface EventRecord {
  readonly eventName: string;
  readonly eventTime: string;
  readonly s3: {
    readonly object: {
      readonly key: string;
      readonly eTag: string;
      readonly versionId?: string;
      readonly sequencer: string;
    };
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

const IN_REGION = { CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } };

export type TestS3 = Awaited<ReturnType<typeof startS3>>;

/** Starts an S3 with one bucket on a free port. */
export async function startS3(options: { datesEventsByArrival?: boolean; faults?: Faults & FaultDecisions } = {}) {
  const account = { accountId: "111122223333", region: "eu-west-1", endpoint: "" };
  const activity = createActivityStream();
  const activities: Activity[] = [];
  activity.subscribe((each) => activities.push(each));
  const iam = createIam({ account, activity, otherAccounts: [OTHER_ACCOUNT] });
  const records: EventRecord[] = [];
  const before = ownDirectories();
  const { faults, datesEventsByArrival } = options;
  const s3 = createS3({
    account,
    activity,
    iam,
    datesEventsByArrival,
    guard: { addDirectory: () => {} },
    notifications: {
      mayInvoke: (functionArn) => functionArn === FUNCTION_ARN,
      invoke: (_arn, payload) => records.push(...(payload as { Records: EventRecord[] }).Records),
    },
  });
  const directory = ownDirectories().find((name) => !before.includes(name)) ?? "";
  const callApi = createCall([s3.api], iam, activity);
  /** Calls an operation on the bucket as the account's administrator. */
  const call = (operation: string, input: object) =>
    callApi("s3", operation, { Bucket: BUCKET, ...input }, ADMINISTRATOR);
  await call("CreateBucket", IN_REGION);
  const bugs: unknown[] = [];
  const edge = createEdge({ account, activity, iam, faults, services: { s3 }, onBug: (bug) => bugs.push(bug) });
  const port = await edge.listen(0);

  const clients: S3Client[] = [];
  function connect(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) {
    const { endpoint, region } = account;
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
    clients.push(client);
    return client;
  }

  return {
    /** A client of the other account's administrator. */
    other: connect(OTHER_ACCOUNT),
    client: connect({ accessKeyId: "test", secretAccessKey: "test" }),
    endpoint: account.endpoint,
    port,
    s3,
    call,
    /** Creates another bucket. */
    createBucket: (Bucket: string) => call("CreateBucket", { Bucket, ...IN_REGION }),
    /** Puts a notification configuration of functions. */
    notify: (...LambdaFunctionConfigurations: readonly object[]) =>
      call("PutBucketNotificationConfiguration", { NotificationConfiguration: { LambdaFunctionConfigurations } }),
    setVersioning: (Status: "Enabled" | "Suspended", Bucket = BUCKET) =>
      call("PutBucketVersioning", { Bucket, VersioningConfiguration: { Status } }),
    iam,
    activities,
    onActivity: activity.subscribe,
    /** Where this S3 keeps its larger bodies. */
    directory,
    /** Event records that the function received. */
    records,
    /** Errors that are not refusals. */
    bugs,
    /** A client of a function whose role has a policy with these statements. */
    asRole(...statements: readonly object[]): S3Client {
      const roleName = `Role${clients.length}`;
      const { arn } = iam.createRole({ roleName, assumeRolePolicyDocument: LAMBDA_TRUST });
      if (statements.length > 0) {
        iam.putRolePolicy({ roleName, policyName: "Inline", policyDocument: policyOf(...statements) });
      }
      return connect(iam.assumeRole({ roleArn: arn, service: "lambda.amazonaws.com", sessionName: "function" }));
    },
    /** Sends an unsigned request as it is. */
    send: (method: string, path: string, options: { headers?: OutgoingHttpHeaders; body?: Buffer | string } = {}) =>
      send(port, method, path, options),
    async close() {
      for (const client of clients) client.destroy();
      await edge.close();
      await s3.close();
    },
  };
}

const ownDirectories = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(`embedded-s3-${process.pid}-`))
    .map((name) => join(tmpdir(), name));

function send(
  port: number,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: OutgoingHttpHeaders; body?: Buffer | string },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** What a call is refused with. */
export const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "accepted",
    (error: Error) => error.name,
  );
