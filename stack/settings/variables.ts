// Settings as environment variables: PROFILE_IMAGE_LOG_RETENTION_DAYS for logRetentionDays, and
// PROFILE_IMAGE_THUMBNAIL_WIDTH for thumbnail.width. An empty variable counts as unset: CI systems pass unset ones that way.

import { UserError } from "../user-error";
import { isGroup, isJson, type Rule } from "./kinds";
import { RULES } from "./rules";
import type { Source } from "./source";
import { didYouMean } from "./suggest";

const PREFIX = "PROFILE_IMAGE_";

const withoutPrefix = (name: string): string => name.slice(PREFIX.length);

type Environment = Readonly<Record<string, string | undefined>>;

/** One source for each variable that is set, so that errors name it. */
export function variablesOf(environment: Environment): Source[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX))
    .sort()
    .flatMap((name) => {
      const setting = SETTINGS.get(name);
      // Without the value: this may be a secret under a name that somebody guessed.
      if (setting === undefined) {
        const known = [...SETTINGS.keys()];
        throw new UserError(
          `The environment variable ${name} is not known${didYouMean(withoutPrefix(name), known.map(withoutPrefix), PREFIX)}; known are ${known.join(", ")}`,
        );
      }
      const given = environment[name] ?? "";
      return given === "" ? [] : [{ name, values: read(name, setting, given) }];
    });
}

function read(name: string, setting: (given: string) => Record<string, unknown>, given: string) {
  try {
    return setting(given);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(`${name} is not valid JSON: ${error.message}`);
  }
}

/** Variable → what its text gives. */
const SETTINGS: ReadonlyMap<string, (given: string) => Record<string, unknown>> = new Map(
  Object.entries(RULES).flatMap(([name, rule]): [string, (given: string) => Record<string, unknown>][] => {
    if (!isGroup(rule)) return [[variable(name), (given) => ({ [name]: rule.parse(given) })]];
    const fields = Object.entries(rule.fields).map(([field, { parse }]: [string, Rule]) => {
      const read = (given: string) => ({ [name]: { [field]: parse(given) } });
      return [variable(`${name}_${field}`), read] as [string, typeof read];
    });
    // The whole group as JSON, or the word that stands for it.
    return [[variable(name), (given) => ({ [name]: isJson(given) ? JSON.parse(given) : given })], ...fields];
  }),
);

function variable(path: string): string {
  return PREFIX + path.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
