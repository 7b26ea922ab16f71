// Checks settings of one source, name by name. A mistake is one sentence: source, setting, what is allowed, given value.

import { UserError } from "../user-error";
import { type Group, isGroup, isRecord, type Rule } from "./kinds";
import { RULES } from "./rules";
import { didYouMean } from "./suggest";

/** Throws a UserError for the first mistake. */
export function checkValues(source: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    const rule = find(source, RULES, name, value, "");
    if (isGroup(rule)) checkGroup(source, name, rule, value);
    else checkValue(source, name, rule, value);
  }
}

function checkGroup(source: string, name: string, group: Group, value: unknown): void {
  if (value !== undefined && value === group.word) return;
  if (!isRecord(value)) throw wrong(source, name, group.allowed, value);
  for (const [field, given] of Object.entries(value)) {
    checkValue(source, `${name}.${field}`, find(source, group.fields, field, given, `${name}.`), given);
  }
}

function checkValue(source: string, path: string, rule: Rule, value: unknown): void {
  if (!rule.isValid(value)) throw wrong(source, path, rule.allowed, value);
}

function find<T>(source: string, rules: Readonly<Record<string, T>>, name: string, value: unknown, path: string): T {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule !== undefined) return rule;
  const names = Object.keys(rules).map((each) => path + each);
  const known = names.join(", ");
  const meant = didYouMean(name, Object.keys(rules), path);
  throw new UserError(
    `${source}: the setting "${path}${name}" is not known (given ${JSON.stringify(value)})${meant}; known are ${known}`,
  );
}

/** The error of a setting that is not as it must be. */
export const wrong = (source: string, path: string, allowed: string, value: unknown): UserError =>
  new UserError(`${source}: the setting "${path}" must be ${allowed} (given ${JSON.stringify(value)})`);
