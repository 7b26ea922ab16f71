// The switches with which one makes things fail and watches the guarantees hold. They strike what the functions ask
// for, never the console's or a user's own requests.

import { AwsError } from "../local/aws-error";
import type { FaultRule, Faults } from "../local/faults";
import { Refusal } from "./refusal";
import type { FaultSwitch } from "./types";

const THROTTLED =
  "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.";

interface Definition {
  readonly title: string;
  readonly explanation: string;
  /** @param hit counts */
  rule(hit: () => void): FaultRule;
}

const definitions = (functions: readonly string[]): Readonly<Record<string, Definition>> => ({
  "throttle-dynamodb": {
    title: "Throttle DynamoDB",
    explanation: "Every write of a function is refused with ProvisionedThroughputExceededException.",
    rule: (hit) => ({
      request({ service, caller }) {
        if (service !== "dynamodb" || caller.kind !== "role") return undefined;
        hit();
        return { error: new AwsError("ProvisionedThroughputExceededException", THROTTLED) };
      },
    }),
  },
  "tinypng-429": {
    title: "TinyPNG says 429",
    explanation: "The month's credit is used up: every request to TinyPNG is refused.",
    rule: (hit) => ({
      request({ service }) {
        if (service !== "tinify") return undefined;
        hit();
        return { error: new AwsError("TooManyRequests", "Your monthly limit has been exceeded.", 429) };
      },
    }),
  },
  ...Object.fromEntries(
    functions.map((name): [string, Definition] => [
      `kill-${name}`,
      {
        title: `Kill ${name}`,
        explanation:
          "Its process is killed in each invocation, after its first call was served and before it gets the answer.",
        rule: (hit) => ({
          invocation({ functionName }) {
            return functionName === name ? { killAtCall: 1, onDeath: hit } : undefined;
          },
        }),
      },
    ]),
  ),
});

export interface FaultSwitches {
  list(): readonly FaultSwitch[];
  /** Turns one on or off; refuses what it does not know. */
  set(body: unknown): readonly FaultSwitch[];
  onChange(listener: () => void): void;
  /** Takes back all of its faults. */
  close(): void;
}

export function createFaultSwitches(faults: Faults, functions: readonly string[]): FaultSwitches {
  const known = Object.entries(definitions(functions));
  const on = new Map<string, { hits: number; takeBack(): void }>();
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };

  function turnOn(name: string, { rule }: Definition): void {
    if (on.has(name)) return;
    const state = { hits: 0, takeBack: () => {} };
    state.takeBack = faults.inject(
      rule(() => {
        state.hits++;
        changed();
      }),
    );
    on.set(name, state);
  }

  function turnOff(name: string): void {
    on.get(name)?.takeBack();
    on.delete(name);
  }

  const list = () =>
    known.map(([name, { title, explanation }]) => ({
      name,
      title,
      explanation,
      isOn: on.has(name),
      hits: on.get(name)?.hits ?? 0,
    }));

  return {
    list,
    set(body) {
      const { name, isOn } = (body ?? {}) as Record<string, unknown>;
      const [, definition] = known.find(([each]) => each === name) ?? [];
      if (definition === undefined || typeof name !== "string") {
        throw new Refusal(
          404,
          `There is no fault ${JSON.stringify(name)}; known are ${known.map(([each]) => each).join(", ")}`,
        );
      }
      if (typeof isOn !== "boolean")
        throw new Refusal(400, `isOn must be true or false (given ${JSON.stringify(isOn)})`);
      if (isOn) turnOn(name, definition);
      else turnOff(name);
      changed();
      return list();
    },
    onChange: (listener) => void listeners.push(listener),
    close() {
      for (const name of [...on.keys()]) turnOff(name);
    },
  };
}
