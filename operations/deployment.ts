// The deployed pipeline as operations use it: on AWS or on a running embedded AWS. Its functions are found by their names;
// everything else their configuration tells.

import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type FunctionConfiguration, GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { S3Client } from "@aws-sdk/client-s3";
import { type ProfileIds, profileIds } from "../functions/lib/profile-id";
import type { Size } from "../functions/lib/size";
import { sizesIn, THUMBNAILS, type ThumbnailSizes } from "../functions/lib/thumbnail-sizes";
import type { AnyFunctionName, FunctionName } from "../stack/function-names";
import { UserError } from "../stack/user-error";

/** What every client of an AWS service is made with. */
export interface ClientConfiguration {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The embedded AWS knows one pair of keys; real ones must not reach whatever listens there. */
export const embeddedAwsClient = (region: string, endpoint: string): ClientConfiguration => ({
  region,
  endpoint,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

export interface Clients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  /** For clients of further services. */
  readonly client: ClientConfiguration;
}

export interface Deployment extends Clients {
  /** ReportFailure's with the setting `events` alone. */
  readonly functionNames: PerFunction<string> & Partial<Record<AnyFunctionName, string>>;
  readonly bucket: string;
  readonly failuresBucket: string;
  readonly table: string;
  readonly profileIds: ProfileIds;
  /** Whether photos stay that their profile has no longer, by the setting `originals`. */
  readonly keepsOriginals: boolean;
  /** Whether thumbnails do, by the setting `keepPreviousThumbnails`. */
  readonly keepsThumbnails: boolean;
  /** Whether CloudFront delivers thumbnails. */
  readonly isDelivered: boolean;
  /** Of the thumbnails that CreateThumbnail makes today. */
  readonly sizes: ThumbnailSizes;
}

type PerFunction<T> = Readonly<Record<FunctionName, T>>;

/** Asks Lambda how the functions are configured. */
export async function readFunctions(
  lambda: LambdaClient,
  functionNames: PerFunction<string>,
): Promise<PerFunction<FunctionConfiguration>> {
  const read = (FunctionName: string) => lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const [SetProfileImage, CreateThumbnail] = await Promise.all([
    read(functionNames.SetProfileImage),
    read(functionNames.CreateThumbnail),
  ]);
  return { SetProfileImage, CreateThumbnail };
}

/** What the functions' configurations tell of the deployment that they are part of. */
export function deploymentOf(
  clients: Clients,
  { ReportFailure, ...functionNames }: Readonly<Record<AnyFunctionName, string>>,
  { SetProfileImage, CreateThumbnail }: PerFunction<FunctionConfiguration>,
): Deployment {
  const [forUploads, forThumbnails] = [environmentOf(SetProfileImage), environmentOf(CreateThumbnail)];
  return {
    ...clients,
    functionNames: sendsEvents(CreateThumbnail) ? { ...functionNames, ReportFailure } : functionNames,
    bucket: forThumbnails("BUCKET_NAME"),
    failuresBucket: forThumbnails("FAILURES_BUCKET"),
    table: forUploads("TABLE_NAME"),
    // Releases that did not say so knew numbers only.
    profileIds: profileIds(SetProfileImage.Environment?.Variables?.PROFILE_ID_TYPE === "string" ? "string" : "number"),
    keepsOriginals: CreateThumbnail.Environment?.Variables?.ORIGINALS !== "current",
    keepsThumbnails: CreateThumbnail.Environment?.Variables?.KEEP_PREVIOUS_THUMBNAILS === "true",
    isDelivered: CreateThumbnail.Environment?.Variables?.THUMBNAIL_ENCRYPTION === "AES256",
    sizes: sizesIn(CreateThumbnail.Environment?.Variables?.[THUMBNAILS], () => ({
      method: forThumbnails("THUMBNAIL_METHOD") as Size["method"],
      width: Number(forThumbnails("THUMBNAIL_WIDTH")),
      height: Number(forThumbnails("THUMBNAIL_HEIGHT")),
    })),
  };
}

/** Whether the stack was deployed with the setting `events`. */
const sendsEvents = ({ Environment }: FunctionConfiguration): boolean =>
  Environment?.Variables?.IMAGES_BUCKET_ARN !== undefined;

/** A function that tells a function's environment variables. */
function environmentOf({ Environment, FunctionName }: FunctionConfiguration): (name: string) => string {
  return (name) => {
    const value = Environment?.Variables?.[name];
    if (value === undefined)
      throw new UserError(`the function ${FunctionName} has no ${name}; deploy this stack again`);
    return value;
  };
}
