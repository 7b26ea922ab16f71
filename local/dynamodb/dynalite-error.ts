// dynalite's errors, `{ statusCode, body }`, as AWS's.

import { AwsError } from "../aws-error";

/** Runs dynalite and rethrows its errors as AWS's. */
export function translating<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { statusCode, body } = error as { statusCode?: number; body?: Record<string, string> };
    if (statusCode === undefined || body === undefined) throw error;
    const code = String(body.__type).split("#").at(-1) ?? "";
    throw new AwsError(code, body.message ?? body.Message ?? "", statusCode);
  }
}
