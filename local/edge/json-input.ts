// Reads the parameters of one request to a JSON service: each by name and type, and none but those may be left at the end.

import { AwsError } from "../aws-error";

export type JsonInput = ReturnType<typeof createJsonInput>;

/**
 * Wraps the parameters of a request; `finish` refuses those that were never asked for.
 * @param errorCode the service's code for a wrong parameter, such as `ValidationException`
 */
export function createJsonInput(parameters: Record<string, unknown>, errorCode: string) {
  const known = new Set<string>();

  function read<T>(name: string, type: string, isType: (value: unknown) => value is T): T | undefined {
    known.add(name);
    const value = parameters[name];
    if (value === undefined || value === null) return undefined;
    if (!isType(value)) {
      throw new AwsError(errorCode, `${name} must be ${type} (given ${JSON.stringify(value)})`);
    }
    return value;
  }

  const string = (name: string) => read(name, "a string", (value) => typeof value === "string");
  return {
    string,
    number: (name: string) =>
      read(name, "a number of 0 or more", (value): value is number => typeof value === "number" && value >= 0),
    boolean: (name: string) => read(name, "a boolean", (value) => typeof value === "boolean"),
    strings: (name: string) =>
      read(
        name,
        "a list of strings",
        (value): value is string[] => Array.isArray(value) && value.every((element) => typeof element === "string"),
      ),
    records: (name: string) =>
      read(
        name,
        "a list of objects",
        (value): value is Record<string, unknown>[] =>
          Array.isArray(value) &&
          value.every((element) => typeof element === "object" && element !== null && !Array.isArray(element)),
      ),
    oneOf(name: string, allowed: readonly string[]): string | undefined {
      const value = string(name);
      if (value !== undefined && !allowed.includes(value)) {
        throw new AwsError(errorCode, `${name} must be one of ${allowed.join(", ")} (given "${value}")`);
      }
      return value;
    },
    finish(): void {
      const unexpected = Object.keys(parameters).find((name) => !known.has(name));
      if (unexpected !== undefined) {
        throw new AwsError(errorCode, `The embedded AWS does not know the parameter "${unexpected}"`);
      }
    },
  };
}
