// Applies a stack: resource by resource, as Terraform's provider would, against the services of one embedded AWS.

import { AwsError } from "../aws-error";
import { Arguments } from "./arguments";
import { checkEphemeral } from "./ephemeral";
import { type Reference, resolve } from "./expressions";
import { IGNORED_TYPES } from "./ignored";
import { applyOrder } from "./order";
import { checkPostconditions } from "./postconditions";
import type { Block, Stack } from "./read-stack";
import { type ApplyResource, RESOURCES, type Services } from "./resources";
import { isRecord, StackError } from "./stack-error";
import { refuseRemoval, updateOf } from "./updates";
import { checkVariables, variableOf } from "./variables";

/** What a stack has become. */
export interface AppliedStack {
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Each address that was ignored, with the reason. */
  readonly ignored: ReadonlyMap<string, string>;
}

/** Terraform's state: what is there, by address. */
export type State = Map<string, AppliedResource>;

interface AppliedResource {
  /** That it was applied from. */
  readonly stack: Stack;
  readonly block: Block;
  readonly attributes: Attributes;
}

type Attributes = Readonly<Record<string, unknown>>;
type Variables = Readonly<Record<string, unknown>>;

/**
 * Applies every resource of a stack, or what differs from what is there, and resolves its outputs. When a service refuses
 * a change, those before it are taken back; what has been replaced stays, as after an apply of Terraform's that fails.
 * @param variables values of the stack's variables that have no default
 * @param state is kept up to date
 * @throws StackError that names the resource and, when a service refused it, AWS's reason
 */
export async function applyStack(
  stack: Stack,
  services: Services,
  variables: Variables,
  state: State = new Map(),
): Promise<AppliedStack> {
  checkTypes(stack.blocks);
  checkEphemeral(stack);
  checkVariables(stack, variables);
  const order = applyOrder(stack.blocks);
  const updates = planUpdates(stack, order, variables, state);
  const attributes = new Map<string, Attributes>();
  const ignored = new Map<string, string>();
  const undo: (() => Promise<unknown>)[] = [];

  /** Looks up what a version's references mean. */
  const lookupIn = (of: Stack) => (reference: Reference) => {
    const { address, attribute } = reference;
    if (attribute === undefined) return variableOf(of, variables, reference);
    const value = (attributes.get(address) ?? state.get(address)?.attributes)?.[attribute];
    if (value === undefined) {
      throw new StackError(`\${${address}.${attribute}} is an attribute that the embedded AWS does not know`);
    }
    return value;
  };
  const lookup = lookupIn(stack);

  const call = (block: Block, apply: ApplyResource | undefined, of = stack) =>
    applyBlock(block, apply, services, of, lookupIn(of));

  async function applyOne(block: Block): Promise<Attributes> {
    const before = state.get(block.address);
    if (before === undefined || isData(block)) return call(block, RESOURCES[block.type]);
    const update = updates.get(block.address);
    if (update === undefined) return before.attributes;
    // Also when it breaks off in the middle.
    undo.push(() => call(before.block, update, before.stack));
    return { ...before.attributes, ...(await call(block, update)) };
  }

  async function applyAll(): Promise<AppliedStack> {
    const changed = new Map<string, AppliedResource>();
    for (const block of order) {
      const type = IGNORED_TYPES[block.type];
      if (type !== undefined) {
        const argument = (name: string) => optionalText(resolve(block.body[name], lookup));
        attributes.set(block.address, type.attributes(argument, services.account));
        ignored.set(block.address, type.reason);
        continue;
      }
      const made = await applyOne(block);
      checkPostconditions(block, made);
      attributes.set(block.address, made);
      if (state.has(block.address)) changed.set(block.address, { stack, block, attributes: made });
      else state.set(block.address, { stack, block, attributes: made });
    }
    const outputs = resolve(stack.outputs, lookup) as Record<string, unknown>;
    for (const [address, resource] of changed) state.set(address, resource);
    return { outputs, ignored };
  }

  try {
    return await applyAll();
  } catch (error) {
    for (const takeBack of undo.reverse()) await takeBack();
    throw error;
  }
}

const isData = ({ type }: Block): boolean => type.startsWith("data.");

/** What has to be changed, by address; refuses at once what cannot be. */
function planUpdates(
  stack: Stack,
  blocks: readonly Block[],
  variables: Variables,
  state: State,
): ReadonlyMap<string, ApplyResource> {
  const wanted = new Set(blocks.map(({ address }) => address));
  for (const { block } of state.values()) if (!wanted.has(block.address) && !isData(block)) refuseRemoval(block);
  return new Map(
    blocks.flatMap((block) => {
      const before = state.get(block.address);
      if (before === undefined || isData(block)) return [];
      const update = updateOf(withVariables(before, variables), withVariables({ stack, block }, variables));
      return update === undefined ? [] : [[block.address, update] as const];
    }),
  );
}

/** A block as it says with the values of variables; what it takes from other resources stays a reference. */
function withVariables({ stack, block }: Pick<AppliedResource, "stack" | "block">, variables: Variables): Block {
  const body = resolve(block.body, (reference) => {
    const { address, attribute } = reference;
    return attribute === undefined ? variableOf(stack, variables, reference) : `\${${address}.${attribute}}`;
  });
  return { ...block, body: body as Block["body"] };
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
  apply: ApplyResource | undefined,
  services: Services,
  stack: Stack,
  lookup: (reference: Reference) => unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const body = resolve(block.body, lookup);
  if (!isRecord(body)) throw new StackError(`${block.address} is not an object`);
  try {
    return (await Arguments.read(block.address, body, (args) => apply?.(args, services, stack))) ?? {};
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StackError(`${block.address} was refused: ${error.code}: ${error.message}`);
  }
}
