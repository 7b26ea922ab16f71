// Applies a stack: resource by resource, as Terraform's provider would, against the services of one embedded AWS.

import { AwsError } from "../aws-error";
import { Arguments } from "./arguments";
import type { ApplyResource, Attributes, Services } from "./call";
import { checkEphemeral } from "./ephemeral";
import { type Reference, resolve } from "./expressions";
import { NOT_PLAYED } from "./not-played";
import { applyOrder } from "./order";
import { checkPostconditions } from "./postconditions";
import type { Block, Stack } from "./read-stack";
import { RESOURCES } from "./resources";
import { isRecord, StackError } from "./stack-error";
import { hasTags, setTags, type Tags, withDefaultTags } from "./tags";
import { refuseRemoval, updateOf } from "./updates";
import { checkVariables, variableOf } from "./variables";

/** What a stack has become. */
export interface AppliedStack {
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Each address that is kept and read back, but not played, with the reason. */
  readonly notPlayed: ReadonlyMap<string, string>;
}

/** Terraform's state: what is there, by address. */
export type State = Map<string, AppliedResource>;

interface AppliedResource {
  /** That it was applied from. */
  readonly stack: Stack;
  readonly block: Block;
  readonly attributes: Attributes;
}

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
  const order = applyOrder(stack.blocks.map((block) => withDefaultTags(block, stack.defaultTags)));
  const updates = planUpdates(stack, order, variables, state);
  const attributes = new Map<string, Attributes>();
  const notPlayed = new Map<string, string>();
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

  const call = (block: Block, apply: ApplyResource = () => ({}), of = stack, existing?: Attributes) =>
    applyBlock(
      block,
      (args, calling) => applyTagged(block.type, apply, args, calling, of, existing),
      services,
      lookupIn(of),
    );

  async function applyOne(block: Block): Promise<Attributes> {
    const before = state.get(block.address);
    if (before === undefined || isData(block)) return call(block, RESOURCES[block.type]);
    const update = updates.get(block.address);
    if (update === undefined) return before.attributes;
    // Also when it breaks off in the middle.
    const tags_all = resolve(block.body.tags ?? {}, lookup);
    undo.push(() => call(before.block, update, before.stack, { ...before.attributes, tags_all }));
    return { ...before.attributes, ...(await call(block, update, stack, before.attributes)) };
  }

  async function applyAll(): Promise<AppliedStack> {
    const changed = new Map<string, AppliedResource>();
    for (const block of order) {
      const reason = NOT_PLAYED[block.type];
      if (reason !== undefined) notPlayed.set(block.address, reason);
      const made = await applyOne(block);
      checkPostconditions(block, made);
      attributes.set(block.address, made);
      if (state.has(block.address)) changed.set(block.address, { stack, block, attributes: made });
      else state.set(block.address, { stack, block, attributes: made });
    }
    const outputs = resolve(stack.outputs, lookup) as Record<string, unknown>;
    for (const [address, resource] of changed) state.set(address, resource);
    return { outputs, notPlayed };
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

/** Unknown types are found before anything is made. */
function checkTypes(blocks: readonly Block[]): void {
  const unknown = blocks.find(({ type }) => !Object.hasOwn(RESOURCES, type));
  if (unknown === undefined) return;
  throw new StackError(`${unknown.address} is of a type that the embedded AWS does not know: ${unknown.type}`);
}

/** Services whose calls never return, for a resource whose arguments are only read. */
function silent({ account }: Services): Services {
  const never = () => new Promise<never>(() => {});
  return { account, call: never };
}

/** Applies a resource, and makes its tags what is wanted; references find them as `tags_all`. */
async function applyTagged(
  type: string,
  apply: ApplyResource,
  ...given: Parameters<ApplyResource>
): Promise<Attributes> {
  const [args, { call }, , existing] = given;
  if (!hasTags(type)) return apply(...given);
  const wanted = args.optionalStringMap("tags") ?? {};
  const made = await apply(...given);
  const before = (existing?.tags_all ?? {}) as Tags;
  await setTags(call, type, { ...existing, ...made }, { before, wanted });
  return { ...made, tags_all: wanted };
}

async function applyBlock(
  block: Block,
  apply: (args: Arguments, services: Services) => Promise<Attributes>,
  services: Services,
  lookup: (reference: Reference) => unknown,
): Promise<Attributes> {
  const body = resolve(block.body, lookup);
  if (!isRecord(body)) throw new StackError(`${block.address} is not an object`);
  try {
    // First without calling anything: an argument that nobody knows is refused before the resource is made.
    await Arguments.check(block.address, body, (args) => apply(args, silent(services)));
    return await apply(new Arguments(block.address, body), services);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StackError(`${block.address} was refused: ${error.code}: ${error.message}`);
  }
}
