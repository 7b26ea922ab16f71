// The pipeline as the operators' commands know a deployment, for those parts of them that the console shares.

import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { Deployment } from "../cli/deployment";
import type { Pipeline } from "../cli/pipeline";
import type { ResizeMethod } from "../functions/lib/tinypng";

/** Reads what the stack's outputs do not say from the function itself. */
export async function deploymentOf(
  pipeline: Pipeline,
  lambda: LambdaClient,
  client: Deployment["client"],
): Promise<Deployment> {
  const { aws, names, s3, dynamodb } = pipeline;
  const [SetProfileImage = "", CreateThumbnail = ""] = names.functions;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: CreateThumbnail }));
  const { THUMBNAIL_METHOD, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT } = Environment?.Variables ?? {};
  return {
    region: aws.account.region,
    functionNames: { SetProfileImage, CreateThumbnail },
    bucket: names.bucket,
    failuresBucket: names.failuresBucket,
    table: names.table,
    size: {
      method: THUMBNAIL_METHOD as ResizeMethod,
      width: Number(THUMBNAIL_WIDTH),
      height: Number(THUMBNAIL_HEIGHT),
    },
    s3,
    dynamodb,
    lambda,
    client,
  };
}
