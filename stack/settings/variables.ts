// Settings as environment variables: PROFILE_IMAGE_LOG_RETENTION_DAYS for logRetentionDays, and
// PROFILE_IMAGE_THUMBNAIL_WIDTH for thumbnail.width. An empty variable is none: CI systems pass unset ones that way.

import { UserError } from "../user-error";
import { isGroup, type Rule } from "./kinds";
import { RULES } from "./rules";
import type { Source } from "./source";

const PREFIX = "PROFILE_IMAGE_";

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
        throw new UserError(
          `The environment variable ${name} is not known; known are ${[...SETTINGS.keys()].join(", ")}`,
        );
      }
      const given = environment[name] ?? "";
      return given === "" ? [] : [{ name, values: setting(given) }];
    });
}

/** Variable → what its text gives. */
const SETTINGS: ReadonlyMap<string, (given: string) => Record<string, unknown>> = new Map(
  Object.entries(RULES).flatMap(([name, rule]): [string, (given: string) => Record<string, unknown>][] => {
    if (!isGroup(rule)) return [[variable(name), (given) => ({ [name]: rule.parse(given) })]];
    const fields = Object.entries(rule.fields).map(([field, { parse }]: [string, Rule]) => {
      const read = (given: string) => ({ [name]: { [field]: parse(given) } });
      return [variable(`${name}_${field}`), read] as [string, typeof read];
    });
    return rule.word === undefined ? fields : [[variable(name), (given) => ({ [name]: given })], ...fields];
  }),
);

function variable(path: string): string {
  return PREFIX + path.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
