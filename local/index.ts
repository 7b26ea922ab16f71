// The embedded AWS: starts its services on one port, applies a synthesized stack to them, and stops all of it again.
// It knows the stack's directory (cdk.tf.json and the zips) and nothing else of the project.

import { type Account, DEFAULT_ACCOUNT_ID, DEFAULT_REGION } from "./account";
import { type ActivityStream, createActivityStream } from "./activity";
import { createCall } from "./api/perform";
import { createCloudfront } from "./cloudfront";
import type { Distribution } from "./cloudfront/types";
import { createCloudWatch } from "./cloudwatch";
import { DataError } from "./data/data-error";
import { type DataDirectory, openDataDirectory } from "./data/directory";
import { createDynamodb } from "./dynamodb";
import { TABLE } from "./dynamodb/kept-tables";
import type { CreateTableInput } from "./dynamodb/types";
import { createEdge } from "./edge";
import { createEvents } from "./events";
import type { Events } from "./events/types";
import { createFaults, type Faults } from "./faults";
import { createGuard } from "./guard";
import { createIam } from "./iam";
import { ADMINISTRATOR_KEY } from "./iam/credentials";
import { createIamService } from "./iam/service";
import type { Iam, OtherAccount } from "./iam/types";
import { createKms } from "./kms";
import { createLambda } from "./lambda";
import { createLogs } from "./logs";
import { createS3 } from "./s3";
import { BUCKET } from "./s3/store/kept-objects";
import { createSns } from "./sns";
import { createSsm } from "./ssm";
import { createSts } from "./sts";
import { type AppliedStack, applyStack, type State } from "./template/apply";
import type { Services } from "./template/call";
import { emptyStack, readStack, type Stack } from "./template/read-stack";
import { StackError } from "./template/stack-error";
import { createTinify, type Tinify } from "./tinify";

export interface EmbeddedAwsOptions {
  /** Where cdk.tf.json and the assets lie; without it the account is empty. */
  readonly stackDirectory?: string;
  /** Of an empty account; a stack says its own. @default "eu-west-1" */
  readonly region?: string;
  /** The loopback port of all services; 0 takes a free one. */
  readonly port?: number;
  /** What the account has already when the stack comes; its data sources find it. */
  readonly existing?: ExistingResources;
  /** Other AWS accounts whose administrators may call. @default none */
  readonly otherAccounts?: readonly OtherAccount[];
  /** The stack's variables that have no default. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The one API key that the local TinyPNG accepts; what the stack tells its functions is another matter. */
  readonly tinypngKey: string;
  /** AWS promises to deliver "at least once": this delivers each event and batch twice, and events out of order. */
  readonly deliverTwiceAndOutOfOrder?: boolean;
  /**
   * S3 orders the events of one key by sequencer, and promises nothing of their times: with this an event tells when its
   * request came, so that of overlapping uploads the one that is done last may carry the earliest time.
   */
  readonly datesEventsByArrival?: boolean;
  /** The folder that keeps objects, items and what is on its way over a restart; without it nothing is kept. */
  readonly dataDirectory?: string;
  /** Told of errors that are bugs of the embedded AWS; without it they go to the console. */
  readonly onBug?: (error: unknown) => void;
}

export interface ExistingResources {
  readonly tables?: readonly CreateTableInput[];
  /** Names. */
  readonly buckets?: readonly string[];
}

export interface EmbeddedAws extends AppliedStack {
  readonly account: Readonly<Account>;
  readonly activity: ActivityStream;
  /** What CloudFront delivers, and where on this machine. */
  readonly distributions: readonly Distribution[];
  /** Whether it has what an earlier one kept in its data directory. */
  readonly isRestored: boolean;
  /** Tables of the stack that are new and empty, since what the data directory kept had another key. */
  readonly replacedTables: readonly string[];
  /**
   * Applies another version of the stack to what is there, which keeps its objects and items.
   * @throws StackError for what cannot be changed while it runs, and when a service refuses the change; the version from
   * before goes on then
   */
  apply(stackDirectory: string): Promise<void>;
  /** Roles may be changed while it runs, as on AWS; the next call is decided by the new policy. */
  readonly iam: Iam;
  /** May be given another API key to accept, as when its dashboard makes a new one. */
  readonly tinypng: Pick<Tinify, "acceptKey">;
  /** What was sent to EventBridge. */
  readonly events: Pick<Events, "recent">;
  /** What may go wrong on purpose: nothing, until a rule is injected. */
  readonly faults: Faults;
  /** Resolves when every accepted event has been processed: no invocation runs, no record waits; rejects when it closes before. */
  idle(): Promise<void>;
  /** Stops every process, closes every socket and removes every temporary file. */
  close(): Promise<void>;
}

/**
 * Starts an embedded AWS with a stack applied.
 * @throws StackError when the stack cannot be applied, DataError when the data directory cannot be used or is another
 * stack's, Error when the port is in use; nothing is left running then
 */
export async function startEmbeddedAws(options: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  const { stackDirectory, region = DEFAULT_REGION } = options;
  const stack = stackDirectory === undefined ? emptyStack(region) : readStack(stackDirectory);
  const account: Account = { accountId: DEFAULT_ACCOUNT_ID, region: stack.region, endpoint: "" };
  const activity = createActivityStream();
  const faults = createFaults();
  const guard = createGuard();

  const iam = createIam({ account, activity, otherAccounts: options.otherAccounts });
  const logs = createLogs({ account, iam });
  const ssm = createSsm({ account, iam });
  const events = createEvents({ account, activity, iam });
  const { dataDirectory } = options;
  const data = dataDirectory === undefined ? undefined : openDataDirectory(dataDirectory, stack.region);
  const journal = data?.journal;
  const dynamodb = createDynamodb({ account, activity, iam, journal });
  const { deliverTwiceAndOutOfOrder, datesEventsByArrival } = options;
  const s3 = createS3({
    account,
    activity,
    iam,
    guard,
    datesEventsByArrival,
    data,
    notifications: {
      mayInvoke: (functionArn, source) => lambda.mayInvoke(functionArn, S3_PRINCIPAL, source),
      invoke: (functionArn, payload, source) => lambda.invokeAsService(functionArn, payload, S3_PRINCIPAL, source),
    },
  });
  const lambda = createLambda({
    account,
    activity,
    iam,
    logs,
    dynamodb,
    failureStore: s3,
    packages: s3,
    guard,
    faults,
    deliverTwiceAndOutOfOrder,
    journal,
  });
  const { port: asked = 0, onBug } = options;
  // The next port is the console's.
  const cloudfront = createCloudfront({ account, iam, port: asked === 0 ? 0 : asked + 2, onBug });
  const iamService = createIamService(iam);
  const sts = createSts({ account, iam });
  // What is kept as configuration, and not played. "monitoring" is what CloudWatch's requests are signed for.
  const kept = {
    sns: createSns({ account, iam }),
    monitoring: createCloudWatch({ account, iam }),
    kms: createKms({ account, iam }),
  };
  const tinify = createTinify({ apiKey: options.tinypngKey });
  const edge = createEdge({
    account,
    activity,
    iam,
    faults,
    services: {
      s3,
      dynamodb,
      lambda,
      packages: lambda.downloads,
      logs,
      ssm,
      events,
      tinify,
      iam: iamService,
      sts,
      cloudfront,
      ...kept,
    },
    onBug,
  });

  async function close(): Promise<void> {
    await cloudfront.close();
    await edge.close();
    await lambda.close();
    await Promise.all([s3.close(), dynamodb.close(), logs.close(), ssm.close(), events.close(), tinify.close()]);
    await guard.close();
    data?.close();
  }

  try {
    const port = await edge.listen(asked);
    account.endpoint = `http://127.0.0.1:${port}`;
    const { tables = [], buckets = [] } = options.existing ?? {};
    for (const table of tables) await dynamodb.createTable(table);
    for (const bucket of buckets) s3.createBucket({ bucket });
    const apis = [s3, dynamodb, lambda, logs, ssm, iamService, sts, cloudfront, events, ...Object.values(kept)].map(
      ({ api }) => api,
    );
    const callAs = createCall(apis, iam, activity);
    const administrator = iam.findCredentials(ADMINISTRATOR_KEY.accessKeyId)?.caller;
    if (administrator === undefined) throw new Error("The account has no administrator");
    const services: Services = {
      account,
      call: (service, operation, input) => callAs(service, operation, input, administrator) as Promise<never>,
    };
    const state: State = new Map();
    const applyToState = (version: Stack) => applyStack(version, services, options.variables ?? {}, state);
    let applied = await applyToState(stack);
    if (data !== undefined) beginToKeep(data);
    lambda.resume();

    async function apply(stackDirectory: string): Promise<void> {
      const version = readStack(stackDirectory);
      if (version.region !== account.region) {
        throw new StackError(
          `the region cannot become ${version.region} while the embedded AWS runs in ${account.region}; stop it and start it again`,
        );
      }
      applied = await applyToState(version);
    }

    return {
      get outputs() {
        return applied.outputs;
      },
      get notPlayed() {
        return applied.notPlayed;
      },
      apply,
      get distributions() {
        return cloudfront.distributions;
      },
      isRestored: journal?.isNew === false,
      replacedTables: dynamodb.replacedTables,
      account,
      activity,
      iam,
      tinypng: tinify,
      events,
      faults,
      idle: () => lambda.idle(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Keeps what this stack has, and refuses what is kept of a stack with other names: it would be out of reach. */
function beginToKeep({ journal, path }: DataDirectory): void {
  for (const kind of [BUCKET, TABLE]) {
    const [other] = journal.owners(kind);
    if (other === undefined) continue;
    throw new DataError(`${path} is of a stack with the ${kind} ${other}, which this stack does not have`);
  }
  journal.begin();
}

const S3_PRINCIPAL = "s3.amazonaws.com";
