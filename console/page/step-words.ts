// What a step is called in the waterfall.

import type { Step } from "../types";

export const SERVICES: Readonly<Record<string, string>> = {
  s3: "S3",
  dynamodb: "DynamoDB",
  lambda: "Lambda",
  tinify: "TinyPNG",
  events: "EventBridge",
  ssm: "Systems Manager",
};

/** TinyPNG's operations have no names of their own but paths; the others are called what they are for here. */
const ACTIONS: Readonly<Record<string, string>> = { Result: "Resize", GetResult: "Download" };

/** The function for an invocation, and the operation for everything else. */
export const nameOf = ({ action, subject }: Step): string =>
  action === "Invoke" ? subject : (ACTIONS[action] ?? action);

/** `, attempt 2 of 6` of an invocation of which there were several. */
export function attemptOf({ attempt }: Step): string {
  if (attempt === undefined) return "";
  return `, attempt ${attempt.number}${attempt.of === undefined ? "" : ` of ${attempt.of}`}`;
}

/** What its name does not say. */
export const objectOf = ({ action, subject }: Step): string => (action === "Invoke" ? "" : subject);
