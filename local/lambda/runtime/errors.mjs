// The errors that the managed Node.js runtime gives names of their own, and how an error looks on the Runtime API.
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js

import { types } from "node:util";

/** An error whose type starts with `Runtime.`. */
export class RuntimeError extends Error {
  /**
   * @param {"ImportModuleError" | "HandlerNotFound" | "MalformedHandlerName" | "UserCodeSyntaxError" | "NodeJsExit" | "UnhandledPromiseRejection" | "CallbackHandlerDeprecated"} type
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(type, message, cause) {
    super(message, { cause });
    this.name = `Runtime.${type}`;
  }
}

/**
 * An error as POST …/error carries it; every thrown value becomes one.
 * @param {unknown} error
 * @returns {{ errorType: string, errorMessage: string, trace: string[] }}
 */
export function toErrorResponse(error) {
  try {
    if (isErrorLike(error)) {
      return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
      trace: [],
    };
  }
}

/**
 * The error as the text format logs it: its own members too, which JSON.stringify would leave out.
 * @param {unknown} error
 */
export function toLogText(error) {
  try {
    return JSON.stringify(error instanceof Error ? error : new Error(String(error)), (_key, value) =>
      value instanceof Error
        ? {
            errorType: value.name,
            errorMessage: value.message,
            code: /** @type {NodeJS.ErrnoException} */ (value).code,
            ...value,
            stack: value.stack?.split("\n"),
          }
        : value,
    );
  } catch {
    return JSON.stringify(toErrorResponse(error));
  }
}

/**
 * @param {unknown} error
 * @returns {error is Error}
 */
function isErrorLike(error) {
  if (types.isNativeError(error)) return true;
  const { name, message, stack } = /** @type {Partial<Error>} */ (error ?? {});
  return typeof name === "string" && typeof message === "string" && typeof stack === "string";
}
