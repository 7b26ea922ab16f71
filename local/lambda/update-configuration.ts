// UpdateFunctionConfiguration: changes what a function runs with, from its next invocation on.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html

import { AwsError } from "../aws-error";
import type { LambdaFunction } from "./functions";
import type { FunctionChange } from "./types";

const KNOWN = ["Environment", "MemorySize", "RevisionId", "Timeout"];

/**
 * Reads the body of a request.
 * @throws AwsError for what the embedded AWS cannot change, by name, and for a revision that is no longer the latest
 */
export function readConfigurationChange(body: Buffer, { revisionId }: LambdaFunction): FunctionChange {
  const { Environment, MemorySize, RevisionId, Timeout, ...others } = readObject(body);
  const unknown = Object.keys(others);
  if (unknown.length > 0) {
    throw new AwsError(
      "InvalidParameterValueException",
      `The embedded AWS changes ${KNOWN.join(", ")} of a function and nothing else (given ${unknown.join(", ")})`,
    );
  }
  if (RevisionId !== undefined && RevisionId !== revisionId) {
    throw new AwsError(
      "PreconditionFailedException",
      "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId",
      412,
    );
  }
  return {
    ...(Environment !== undefined && { environment: readEnvironment(Environment) }),
    ...(MemorySize !== undefined && { memorySize: readNumber("MemorySize", MemorySize) }),
    ...(Timeout !== undefined && { timeout: readNumber("Timeout", Timeout) }),
  };
}

function readObject(body: Buffer): Record<string, unknown> {
  try {
    const input = JSON.parse(body.toString("utf8"));
    if (typeof input === "object" && input !== null && !Array.isArray(input)) return input;
  } catch (error) {
    throw serialization((error as Error).message);
  }
  throw serialization("the request body is not a JSON object");
}

/** As a whole: variables that are not among them are gone afterwards. */
function readEnvironment(environment: unknown): Record<string, string> {
  const { Variables = {}, ...others } = Object(environment) as Record<string, unknown>;
  const isMap = typeof Variables === "object" && Variables !== null && !Array.isArray(Variables);
  if (!isMap || Object.keys(others).length > 0 || Object.values(Variables).some((each) => typeof each !== "string")) {
    throw serialization('Environment must be {"Variables": {name: text}}');
  }
  return Variables as Record<string, string>;
}

function readNumber(name: string, value: unknown): number {
  if (typeof value === "number") return value;
  throw serialization(`${name} must be a number (given ${JSON.stringify(value)})`);
}

const serialization = (why: string) =>
  new AwsError("SerializationException", `Could not parse request body into json: ${why}`);
