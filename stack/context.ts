// Reads the settings as users write them: the context of cdktf.json, and what CDKTF's command line passes.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "./user-error";

/** The context of cdktf.json, overridden by what CDKTF passes, as CDKTF does it. */
export function readContext(projectRoot: string): Record<string, unknown> {
  const { context = {} } = parse("cdktf.json", readFileSync(join(projectRoot, "cdktf.json"), "utf8"));
  if (!isRecord(context))
    throw new UserError(`cdktf.json: "context" must be an object (given ${JSON.stringify(context)})`);
  return { ...context, ...parse("CDKTF_CONTEXT_JSON", process.env.CDKTF_CONTEXT_JSON || "{}") };
}

function parse(name: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${name} is not valid JSON: ${(error as Error).message}`);
  }
  if (!isRecord(value)) throw new UserError(`${name} must be a JSON object (given ${text})`);
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
