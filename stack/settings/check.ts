// Checks settings of one source, name by name. A mistake is one sentence: source, setting, what is allowed, given value.

import { UserError } from "../user-error";
import { areGroups, type Group, type Groups, isGroup, isRecord, type Rule } from "./kinds";
import { RULES } from "./rules";
import { didYouMean } from "./suggest";

/** Throws a UserError for the first mistake. */
export function checkValues(source: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    const rule = find(source, RULES, name, value, "");
    if (isGroup(rule)) checkGroup(source, name, rule, value);
    else if (areGroups(rule)) checkGroups(source, name, rule, value);
    else checkValue(source, name, rule, value);
  }
}

function checkGroup(source: string, name: string, group: Group, value: unknown): void {
  if (value !== undefined && value === group.word) return;
  if (!isRecord(value)) throw wrong(source, name, group.allowed, value);
  checkFields(source, name, group.fields, value);
}

function checkGroups(source: string, name: string, { each, noun, allowed, isValid }: Groups, value: unknown): void {
  if (!Array.isArray(value)) throw wrong(source, name, allowed, value);
  for (const [index, item] of value.entries()) {
    const path = `${name}[${index}]`;
    if (!isRecord(item)) throw wrong(source, path, `a ${noun}, with ${Object.keys(each).join(", ")}`, item);
    checkFields(source, path, each, item);
    for (const [field, rule] of Object.entries(each)) {
      if (item[field] === undefined) throw wrong(source, `${path}.${field}`, `given: ${rule.allowed}`, item);
    }
  }
  if (!isValid(value)) throw wrong(source, name, allowed, value);
}

function checkFields(source: string, name: string, fields: Group["fields"], value: Record<string, unknown>): void {
  for (const [field, given] of Object.entries(value)) {
    checkValue(source, `${name}.${field}`, find(source, fields, field, given, `${name}.`), given);
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
