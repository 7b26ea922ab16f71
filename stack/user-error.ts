// A mistake that the user can fix: one sentence on stderr, exit 1, no stack trace.

/** Its message names the thing, the given value and what is allowed or what to do next. */
export class UserError extends Error {
  override readonly name = "UserError";
}
