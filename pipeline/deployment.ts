// A running pipeline as operations know a deployment.

import type { LambdaClient } from "@aws-sdk/client-lambda";
import { type Deployment, deploymentOf, readFunctions } from "../operations/deployment";
import type { Pipeline } from "./index";

/** Reads from the pipeline's functions what its outputs do not say. */
export async function pipelineDeployment(
  { names, s3, dynamodb, client }: Pipeline,
  lambda: LambdaClient,
): Promise<Deployment> {
  const [SetProfileImage = "", CreateThumbnail = "", ReportFailure = ""] = names.functions;
  const functionNames = { SetProfileImage, CreateThumbnail, ReportFailure };
  return deploymentOf({ s3, dynamodb, lambda, client }, functionNames, await readFunctions(lambda, functionNames));
}
