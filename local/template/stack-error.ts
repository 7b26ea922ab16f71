// What is wrong with a stack, in one sentence for its author.

/** A stack that the embedded AWS cannot apply: an unknown resource, argument or expression, or a refusal of a service. */
export class StackError extends Error {
  override readonly name = "StackError";
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
