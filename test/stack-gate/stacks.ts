// What the gate is tested with: the stack with every setting, and copies of it in which something is planted.

import { synthesizeStack } from "../stack/synthesized-stack";
import { EVERYTHING, SINGLE, TOGETHER } from "../terraform/contexts";
import type { Context } from "../terraform/stacks";

export type Json = Record<string, unknown>;

export const stackOf = (context: Context): Json => synthesizeStack({ ...context }).json;

export const everyStack = (): { context: Context; json: Json }[] =>
  [...SINGLE, ...TOGETHER, EVERYTHING].map((context) => ({ context, json: stackOf(context) }));

const DEFAULT = stackOf({});

export const LAMBDA = ["resource", "aws_lambda_function", "create_thumbnail_function"];

/** Sets what a path names in a copy of a stack. */
export function planted(path: readonly (string | number)[], value: unknown, from = DEFAULT): string {
  const json = structuredClone(from);
  let target: Json = json;
  for (const key of path.slice(0, -1)) {
    target[key] ??= {};
    target = target[key] as Json;
  }
  target[path.at(-1) ?? ""] = value;
  return JSON.stringify(json, null, 2);
}
