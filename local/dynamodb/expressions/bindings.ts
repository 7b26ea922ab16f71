// The names and values that a request gives its expressions, and the document paths that the names make.

import type { AttributeValue, Item } from "../types";
import type { Step } from "./syntax";
import { ExpressionError } from "./tokens";

/** The steps of a path in an item: names, and indexes of lists. */
export type Path = readonly (string | number)[];

export interface Bindings {
  /** The path that steps stand for; each `#name` counts as used. */
  path(steps: readonly Step[]): Path;
  /** The value of a `:name`, which counts as used. */
  value(name: string): AttributeValue;
  unusedNames(): string[];
  unusedValues(): string[];
}

export interface RequestBindings {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
}

/** Makes the bindings of one request. */
export function createBindings({
  ExpressionAttributeNames: names = {},
  ExpressionAttributeValues: values = {},
}: RequestBindings): Bindings {
  const used = new Set<string>();

  function nameOf(step: Step): string | number {
    if (typeof step !== "object") return step;
    const name = Object.hasOwn(names, step.alias) ? names[step.alias] : undefined;
    if (name === undefined) {
      throw new ExpressionError(
        `An expression attribute name used in the document path is not defined; attribute name: ${step.alias}`,
      );
    }
    used.add(step.alias);
    return name;
  }

  const unused = (given: object) => Object.keys(given).filter((name) => !used.has(name));

  return {
    path: (steps) => steps.map(nameOf),
    value(name) {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) {
        throw new ExpressionError(
          `An expression attribute value used in expression is not defined; attribute value: ${name}`,
        );
      }
      used.add(name);
      return value;
    },
    unusedNames: () => unused(names),
    unusedValues: () => unused(values),
  };
}

/** Paths as DynamoDB shows them in errors. */
export const showPath = (path: Path): string =>
  `[${path.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(", ")}]`;

/** What an item has at a path. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item };
  for (const step of path) {
    value = childOf(value, step);
    if (value === undefined) return undefined;
  }
  return value;
}

/** The member of a map, or the element of a list. */
export function childOf(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === "number") return (value.L as readonly AttributeValue[] | undefined)?.[step];
  const map = value.M as Item | undefined;
  return map !== undefined && Object.hasOwn(map, step) ? map[step] : undefined;
}
