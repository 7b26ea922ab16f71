// The deployed pipeline as the operators' commands use it: on AWS or on a running embedded AWS. Its functions are found
// by their names, which the settings give; everything else their configuration tells.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type FunctionConfiguration, GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { type Command, Option } from "commander";
import type { Size } from "../functions/lib/tinypng";
import { readContext } from "../stack/context";
import type { FunctionName } from "../stack/function-names";
import { readSettings } from "../stack/settings";
import { UserError } from "../stack/user-error";
import { explainAwsError } from "./explain-aws-error";
import { print } from "./print";
import { DEFAULT_PORT } from "./start";
import { PROJECT_ROOT } from "./synthesize";
import { describeTarget, type Target, watchHost } from "./target";

/** Of the embedded AWS that `npm start` runs, unless it was told another port. */
const LOCAL_ENDPOINT = `http://127.0.0.1:${DEFAULT_PORT}`;

export interface DeploymentOptions {
  readonly endpointUrl?: string;
  readonly local?: boolean;
  readonly stage?: string;
}

/** What every client of an AWS service is made with. */
interface ClientConfiguration {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Deployment {
  readonly region: string;
  readonly functionNames: Readonly<Record<FunctionName, string>>;
  readonly bucket: string;
  readonly failuresBucket: string;
  readonly table: string;
  /** Of the thumbnails that CreateThumbnail makes today. */
  readonly size: Size;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  /** For clients of further services. */
  readonly client: ClientConfiguration;
}

/** Adds the options that say which deployment is meant. */
export const withDeploymentOptions = (command: Command): Command =>
  command
    .option("--stage <name>", 'the stage that is meant (default: "stage" in cdktf.json)')
    .option("--endpoint-url <url>", "a running embedded AWS, such as http://127.0.0.1:4566, instead of AWS")
    .addOption(new Option("--local", `the same as --endpoint-url ${LOCAL_ENDPOINT}`).conflicts("endpointUrl"));

/**
 * Does some work on a deployment; that there is none, or that AWS refuses, is the user's to mend.
 * @param say is told first which one it is
 */
export async function onDeployment<T>(
  options: DeploymentOptions,
  work: (deployment: Deployment, target: Target) => Promise<T>,
  say: (target: string) => void = (target) => print(target, process.stderr),
): Promise<T> {
  const given = options.stage === undefined ? [] : [{ name: "--stage", values: { stage: options.stage } }];
  const { region, stage } = readSettings([...readContext(PROJECT_ROOT), ...given]);
  const endpoint = options.local ? LOCAL_ENDPOINT : options.endpointUrl;
  const client: ClientConfiguration = { region, ...(endpoint !== undefined && embedded(endpoint)) };
  const s3 = new S3Client({ ...client, forcePathStyle: endpoint !== undefined });
  const dynamodb = new DynamoDBClient(client);
  const lambda = new LambdaClient(client);
  const host = watchHost(lambda);
  const suffix = stage === undefined ? "" : `-${stage}`;
  const functionNames = { SetProfileImage: `SetProfileImage${suffix}`, CreateThumbnail: `CreateThumbnail${suffix}` };
  try {
    const [setProfileImage, createThumbnail] = await Promise.all(
      [functionNames.SetProfileImage, functionNames.CreateThumbnail].map((FunctionName) =>
        lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
      ),
    );
    const [forUploads, forThumbnails] = [environmentOf(setProfileImage), environmentOf(createThumbnail)];
    const functionArn = setProfileImage?.FunctionArn ?? "";
    const target = describeTarget({ endpoint, functionArn, region, stage, host: host() });
    say(target.words);
    const deployment: Deployment = {
      region,
      functionNames,
      bucket: forThumbnails("BUCKET_NAME"),
      failuresBucket: forThumbnails("FAILURES_BUCKET"),
      table: forUploads("TABLE_NAME"),
      size: {
        method: forThumbnails("THUMBNAIL_METHOD") as Size["method"],
        width: Number(forThumbnails("THUMBNAIL_WIDTH")),
        height: Number(forThumbnails("THUMBNAIL_HEIGHT")),
      },
      s3,
      dynamodb,
      lambda,
      client,
    };
    return await work(deployment, target);
  } catch (error) {
    throw explainAwsError(error, region, endpoint);
  } finally {
    for (const each of [s3, dynamodb, lambda]) each.destroy();
  }
}

/** The embedded AWS knows one pair of keys; real ones must not reach whatever answers there. */
function embedded(endpoint: string) {
  if (!URL.canParse(endpoint)) {
    throw new UserError(
      `--endpoint-url must be a URL such as http://127.0.0.1:4566 (given ${JSON.stringify(endpoint)})`,
    );
  }
  return { endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
}

/** A function that tells a function's environment variables. */
function environmentOf(configuration: FunctionConfiguration | undefined): (name: string) => string {
  const { Environment, FunctionName } = configuration ?? {};
  return (name) => {
    const value = Environment?.Variables?.[name];
    if (value === undefined) throw new UserError(`the function ${FunctionName} has no ${name}; deploy this stack anew`);
    return value;
  };
}
