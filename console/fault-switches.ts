// The switchboard of the faults: which are on, and how often each has struck since.

import type { FaultDefinition } from "./faults/definition";
import { Refusal } from "./refusal";
import type { FaultSwitch } from "./types";

export interface FaultSwitches {
  list(): readonly FaultSwitch[];
  /** Turns one on or off; refuses what it does not know. */
  set(body: unknown): readonly FaultSwitch[];
  onChange(listener: () => void): void;
  /** Takes back all of its faults. */
  close(): void;
}

export function createFaultSwitches(definitions: readonly FaultDefinition[]): FaultSwitches {
  const on = new Map<string, { hits: number; switchOff(): void }>();
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };

  function turnOn({ name, switchOn }: FaultDefinition): void {
    if (on.has(name)) return;
    const state = { hits: 0, switchOff: () => {} };
    state.switchOff = switchOn(() => {
      state.hits++;
      changed();
    });
    on.set(name, state);
  }

  function turnOff(name: string): void {
    on.get(name)?.switchOff();
    on.delete(name);
  }

  const list = () =>
    definitions.map(({ name, title, explanation, node }) => ({
      name,
      title,
      explanation,
      node,
      isOn: on.has(name),
      hits: on.get(name)?.hits ?? 0,
    }));

  return {
    list,
    set(body) {
      const { name, isOn } = (body ?? {}) as Record<string, unknown>;
      const definition = definitions.find((each) => each.name === name);
      if (definition === undefined) {
        const known = definitions.map((each) => each.name).join(", ");
        throw new Refusal(404, `There is no fault ${JSON.stringify(name)}; known are ${known}`);
      }
      if (typeof isOn !== "boolean")
        throw new Refusal(400, `isOn must be true or false (given ${JSON.stringify(isOn)})`);
      if (isOn) turnOn(definition);
      else turnOff(definition.name);
      changed();
      return list();
    },
    onChange: (listener) => void listeners.push(listener),
    close() {
      for (const name of [...on.keys()]) turnOff(name);
    },
  };
}
