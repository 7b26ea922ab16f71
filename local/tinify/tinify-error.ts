// A refusal as TinyPNG words it: `{"error": code, "message": message}`; its clients show "message (HTTP status/code)".

import { AwsError } from "../aws-error";

/** Makes the error to throw; the service's `refuse` writes it in TinyPNG's form. */
export const tinifyError = (status: number, code: string, message: string): AwsError =>
  new AwsError(code, message, status);
