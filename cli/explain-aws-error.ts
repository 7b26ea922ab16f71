// What AWS, or its absence, means to a user: errors of the SDK that the user can fix, in a sentence.

import { UserError } from "../stack/user-error";

/** The error in a sentence, or as it is when the user cannot fix it. */
export function explainAwsError(error: unknown, region: string, endpoint: string | undefined): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { name, message } = error;
  const where = endpoint ?? `AWS in ${region}`;
  if (name === "ResourceNotFoundException") {
    return new UserError(`${message} (in ${endpoint ?? region}); is the stack deployed there, and is --stage right?`);
  }
  if (name === "CredentialsProviderError") {
    return new UserError(
      `there are no AWS credentials (${message}); give them as for the AWS CLI, or name an embedded AWS by --local`,
    );
  }
  const network = networkCode(error);
  if (network === "ECONNREFUSED") {
    return new UserError(`nothing listens at ${where}; "npm start" starts the embedded AWS`);
  }
  if (network !== undefined) return new UserError(`${where} cannot be reached: ${message.trim() || network}`);
  const status = "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
  // Also what the SDK can say of a refused HEAD, which has no body.
  if (message === "UnknownError") {
    return new UserError(
      `${where} returns status ${status} without a reason; is it AWS, and are you allowed to do this?`,
    );
  }
  if (message.includes("Deserialization error")) return new UserError(`what listens at ${where} is not AWS`);
  return "$fault" in error ? new UserError(`AWS says ${name}: ${message}`) : error;
}

/** The system's code of a connection that failed; some errors have it in their message alone. */
function networkCode(error: Error): string | undefined {
  if ("path" in error) return undefined; // A file's.
  if (error.name === "TimeoutError") return error.name;
  const code = "code" in error ? String(error.code) : "";
  return /^E[A-Z_]+$/.test(code) ? code : /\b(?:connect|getaddrinfo|read|write) (E[A-Z_]+)/.exec(error.message)?.[1];
}
