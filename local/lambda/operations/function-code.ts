// The code of CreateFunction and UpdateFunctionCode: a zip in the request, or one in S3, which is read in the caller's name.
// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html

import { blob, type InputOf, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import type { Caller } from "../../service";
import type { LambdaState } from "./state";

export const CODE = { ZipFile: blob, S3Bucket: string, S3Key: string, S3ObjectVersion: string };

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;

/** The zip that a request means. */
export async function readCode(
  { packages }: LambdaState,
  input: InputOf<typeof CODE>,
  caller: Caller,
): Promise<Buffer> {
  const { ZipFile, S3Bucket, S3Key, S3ObjectVersion } = input;
  if (ZipFile !== undefined) {
    if ((S3Bucket ?? S3Key ?? S3ObjectVersion) !== undefined) {
      throw invalid("Please do not provide other FunctionCode parameters when providing a ZipFile.");
    }
    if (ZipFile.length <= MAX_UPLOAD_BYTES) return ZipFile;
    throw new AwsError(
      "RequestEntityTooLargeException",
      `The deployment package has ${ZipFile.length} bytes; a direct upload may have ${MAX_UPLOAD_BYTES}`,
      413,
    );
  }
  if (S3Bucket === undefined || S3Key === undefined) throw invalid("Please provide a source for function code.");
  try {
    return await packages.readObject(caller, { bucket: S3Bucket, key: S3Key, versionId: S3ObjectVersion });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const reason = `S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`;
    if (error.code !== "AccessDenied") throw invalid(`Error occurred while GetObject. ${reason}`);
    throw new AwsError(
      "AccessDeniedException",
      `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${S3Bucket}/${S3Key}. ${reason}`,
      403,
    );
  }
}

const invalid = (message: string) => new AwsError("InvalidParameterValueException", message);
