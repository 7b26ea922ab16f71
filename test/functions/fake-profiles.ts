// A table of profiles in memory, as an SDK client sees it: conditions and updates mean what the embedded DynamoDB's
// expressions mean, and there is no network.

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type GetItemCommand,
  type UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { compile } from "../../local/dynamodb/expressions/compile";
import { holds } from "../../local/dynamodb/expressions/evaluate";
import { applyUpdate } from "../../local/dynamodb/expressions/update";
import type { Item } from "../../local/dynamodb/types";

/** What a write did to a profile; neither is there before it is made and after it is removed. */
export interface Change {
  readonly id: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

type Attributes = Readonly<Record<string, unknown>>;

export function createFakeProfiles() {
  const profiles = new Map<string, Item>();
  const changes: Change[] = [];
  const inputs: UpdateItemCommand["input"][] = [];
  const interruptions: (() => void)[] = [];
  let fault: unknown;

  function write(id: string, after: Item | undefined): void {
    changes.push({ id, before: profiles.get(id), after });
    if (after === undefined) profiles.delete(id);
    else profiles.set(id, after);
  }

  function update(input: UpdateItemCommand["input"]): unknown {
    inputs.push(input);
    if (fault !== undefined) throw fault;
    interruptions.shift()?.();
    const id = input.Key?.id?.N ?? "";
    const stored = profiles.get(id);
    const { condition, update, bindings } = compile(JSON.parse(JSON.stringify(input)), () => undefined);
    if (condition !== undefined && !holds(condition, stored ?? {}, bindings)) {
      const shown = stored && (structuredClone(stored) as unknown as ConditionalCheckFailedException["Item"]);
      throw new ConditionalCheckFailedException({
        message: "The conditional request failed",
        $metadata: {},
        Item: shown,
      });
    }
    const changed = applyUpdate(update?.actions ?? [], stored, input.Key as unknown as Item, bindings);
    if (changed !== undefined) write(id, changed);
    return {};
  }

  const operations: Record<string, (input: never) => unknown> = {
    UpdateItemCommand: update,
    GetItemCommand: ({ Key }: GetItemCommand["input"]) => ({ Item: profiles.get(Key?.id?.N ?? "") }),
  };

  return {
    client: {
      async send(command: { readonly constructor: { readonly name: string }; readonly input: never }) {
        return operations[command.constructor.name]?.(command.input);
      },
    } as unknown as Pick<DynamoDBClient, "send">,
    inputs,
    /** Forgets everything, for the next test, and has these profiles. */
    reset(...ids: string[]): void {
      profiles.clear();
      for (const id of ids) profiles.set(id, { id: { N: id }, nick: { S: `Nick ${id}` } } as Item);
      for (const each of [inputs, interruptions, changes]) each.length = 0;
      fault = undefined;
    },
    profile: (id: string) => profiles.get(id),
    /** Changes a profile's attributes, as an earlier release or somebody else left them. */
    put: (id: string, attributes: Attributes) => write(id, { ...profiles.get(id), ...attributes } as Item),
    /** Takes attributes away. */
    drop(id: string, ...names: string[]): void {
      const left = Object.entries(profiles.get(id) ?? {}).filter(([name]) => !names.includes(name));
      write(id, Object.fromEntries(left));
    },
    remove: (id: string) => write(id, undefined),
    /** The changes since the last call, in their order. */
    takeChanges: () => changes.splice(0),
    /** Does something just before the next update, or those after it, are decided on. */
    before: (...interrupts: (() => void)[]) => void interruptions.push(...interrupts),
    fail(error: unknown) {
      fault = error;
    },
    mend() {
      fault = undefined;
    },
  };
}
