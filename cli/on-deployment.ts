// Which deployment a command works on: its options, and the way from them and the settings to it.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { type Command, Option } from "commander";
import {
  type ClientConfiguration,
  type Deployment,
  deploymentOf,
  embeddedAwsClient,
  readFunctions,
} from "../operations/deployment";
import { DEFAULT_PORT } from "../pipeline/port";
import { readContext } from "../stack/context";
import { PROJECT_ROOT } from "../stack/project-root";
import { readSettings } from "../stack/settings";
import { UserError } from "../stack/user-error";
import { explainAwsError } from "./explain-aws-error";
import { print } from "./print";
import { describeTarget, type Target, watchHost } from "./target";

/** Of the embedded AWS that `npm start` runs, unless it was told another port. */
const LOCAL_ENDPOINT = `http://127.0.0.1:${DEFAULT_PORT}`;

export interface DeploymentOptions {
  readonly endpointUrl?: string;
  readonly local?: boolean;
  readonly stage?: string;
}

/** Adds the options that say which deployment is meant. */
export const withDeploymentOptions = (command: Command): Command =>
  command
    .option("--stage <name>", 'the stage to work on (default: "stage" in cdktf.json)')
    .option("--endpoint-url <url>", "a running embedded AWS, such as http://127.0.0.1:4566, instead of AWS")
    .addOption(new Option("--local", `the same as --endpoint-url ${LOCAL_ENDPOINT}`).conflicts("endpointUrl"));

/**
 * Does some work on a deployment; that there is none, or that AWS refuses, is for the user to fix.
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
  const client = clientOf(region, endpoint);
  const s3 = new S3Client({ ...client, forcePathStyle: endpoint !== undefined });
  const dynamodb = new DynamoDBClient(client);
  const lambda = new LambdaClient(client);
  const host = watchHost(lambda);
  const suffix = stage === undefined ? "" : `-${stage}`;
  const functionNames = {
    SetProfileImage: `SetProfileImage${suffix}`,
    CreateThumbnail: `CreateThumbnail${suffix}`,
    ReportFailure: `ReportFailure${suffix}`,
  };
  try {
    const functions = await readFunctions(lambda, functionNames);
    const functionArn = functions.SetProfileImage.FunctionArn ?? "";
    const target = describeTarget({ endpoint, functionArn, region, stage, host: host() });
    say(target.words);
    return await work(deploymentOf({ s3, dynamodb, lambda, client }, functionNames, functions), target);
  } catch (error) {
    throw explainAwsError(error, region, endpoint);
  } finally {
    for (const each of [s3, dynamodb, lambda]) each.destroy();
  }
}

function clientOf(region: string, endpoint: string | undefined): ClientConfiguration {
  if (endpoint === undefined) return { region };
  if (!URL.canParse(endpoint)) {
    throw new UserError(
      `--endpoint-url must be a URL such as http://127.0.0.1:4566 (given ${JSON.stringify(endpoint)})`,
    );
  }
  return embeddedAwsClient(region, endpoint);
}
