// Applies a stack: resource by resource, as Terraform's provider would, against the services of one embedded AWS.

import { AwsError } from "../aws-error";
import { Arguments } from "./arguments";
import { checkEphemeral } from "./ephemeral";
import { type Reference, resolve } from "./expressions";
import { IGNORED_TYPES } from "./ignored";
import { applyOrder } from "./order";
import { checkPostconditions } from "./postconditions";
import type { Block, Stack } from "./read-stack";
import { RESOURCES, type Services } from "./resources";
import { isRecord, StackError } from "./stack-error";
import { checkVariables, variableOf } from "./variables";

/** What a stack has become. */
export interface AppliedStack {
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Each address that was ignored, with the reason. */
  readonly ignored: ReadonlyMap<string, string>;
}

/**
 * Applies every resource of a stack and resolves its outputs.
 * @param variables values of the stack's variables that have no default
 * @throws StackError that names the resource and, when a service refused it, AWS's reason
 */
export async function applyStack(
  stack: Stack,
  services: Services,
  variables: Readonly<Record<string, unknown>>,
): Promise<AppliedStack> {
  checkTypes(stack.blocks);
  checkEphemeral(stack);
  checkVariables(stack, variables);
  const attributes = new Map<string, Readonly<Record<string, unknown>>>();
  const ignored = new Map<string, string>();

  function lookup({ address, attribute }: Reference): unknown {
    if (attribute === undefined) return variableOf(stack, variables, address.slice("var.".length));
    const value = attributes.get(address)?.[attribute];
    if (value === undefined) {
      throw new StackError(`\${${address}.${attribute}} is an attribute that the embedded AWS does not know`);
    }
    return value;
  }

  for (const block of applyOrder(stack.blocks)) {
    const type = IGNORED_TYPES[block.type];
    if (type === undefined) {
      const made = await applyBlock(block, services, stack, lookup);
      checkPostconditions(block, made);
      attributes.set(block.address, made);
    } else {
      const argument = (name: string) => optionalText(resolve(block.body[name], lookup));
      attributes.set(block.address, type.attributes(argument, services.account));
      ignored.set(block.address, type.reason);
    }
  }
  return { outputs: resolve(stack.outputs, lookup) as Record<string, unknown>, ignored };
}

const optionalText = (value: unknown) => (typeof value === "string" ? value : undefined);

/** Unknown types are found before anything is made. */
function checkTypes(blocks: readonly Block[]): void {
  const unknown = blocks.find(({ type }) => !Object.hasOwn(RESOURCES, type) && !Object.hasOwn(IGNORED_TYPES, type));
  if (unknown === undefined) return;
  throw new StackError(`${unknown.address} is of a type that the embedded AWS does not know: ${unknown.type}`);
}

async function applyBlock(
  block: Block,
  services: Services,
  stack: Stack,
  lookup: (reference: Reference) => unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const body = resolve(block.body, lookup);
  if (!isRecord(body)) throw new StackError(`${block.address} is not an object`);
  try {
    const apply = RESOURCES[block.type];
    return (await Arguments.read(block.address, body, (args) => apply?.(args, services, stack))) ?? {};
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StackError(`${block.address} was refused: ${error.code}: ${error.message}`);
  }
}
