// Reads the settings as users write them: the context of cdktf.json, what CDKTF's command line passes, and environment
// variables. Each is a source of its own, so that errors name the place of a mistake.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "./settings";
import { isRecord } from "./settings/kinds";
import { variablesOf } from "./settings/variables";
import { UserError } from "./user-error";

/** The sources of the settings, of which a later one wins. */
export function readContext(projectRoot: string, environment = process.env): Source[] {
  const { context = {} } = parse("cdktf.json", readFileSync(join(projectRoot, "cdktf.json"), "utf8"));
  if (!isRecord(context))
    throw new UserError(`cdktf.json: "context" must be an object (given ${JSON.stringify(context)})`);
  const passed = parse("CDKTF_CONTEXT_JSON", environment.CDKTF_CONTEXT_JSON || "{}");
  return [
    { name: "cdktf.json", values: withoutCdktf(context) },
    // CDKTF's command line passes the whole context of cdktf.json on, with values of its own.
    { name: "CDKTF_CONTEXT_JSON", values: withoutCdktf(passed) },
    ...variablesOf(environment),
  ];
}

/** CDKTF's command line adds values of its own (cdktfRelativeModules). */
const withoutCdktf = (context: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(context).filter(([key]) => !key.startsWith("cdktf")));

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
