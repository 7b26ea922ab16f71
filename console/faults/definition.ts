// What a fault is that can be switched on: where it belongs in the diagram, and how it begins and ends.

import type { FaultRule, Faults } from "../../local/faults";

export interface FaultDefinition {
  readonly name: string;
  readonly title: string;
  readonly explanation: string;
  /** The node of the diagram that it belongs to. */
  readonly node: string;
  /** @param hit counts; the returned function ends the fault */
  switchOn(hit: () => void): () => void;
}

type Said = Pick<FaultDefinition, "name" | "title" | "explanation" | "node">;

/** Defines one that is a rule of the embedded AWS. */
export const ruleFault = (faults: Faults, said: Said, rule: (hit: () => void) => FaultRule): FaultDefinition => ({
  ...said,
  switchOn: (hit) => faults.inject(rule(hit)),
});
