// A refusal as AWS words it: the one error type of the embedded AWS. Each protocol (S3's XML, the JSON services) renders
// it in one place; every other error that reaches a protocol is a bug of ours and becomes an InternalError.

/** How an AWS service refuses a request. */
export class AwsError extends Error {
  override readonly name = "AwsError";

  /**
   * @param code AWS's error code, such as `NoSuchKey` or `ValidationException`
   * @param message AWS's wording, with the given value and what is allowed
   * @param status the HTTP status of the response
   * @param fields further members of the rendered error, such as S3's `Key` or DynamoDB's `Item`
   * @param headers headers of S3's response, such as `x-amz-delete-marker`
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly fields: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
