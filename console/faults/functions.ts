// Faults of the functions themselves: their processes die in the middle of the work.

import type { Faults } from "../../local/faults";
import type { DiagramNode } from "../types";
import { type FaultDefinition, ruleFault } from "./definition";

const EXPLANATION =
  "Its process is killed in each invocation, after its first call was served and before it gets the response.";

export const functionFaults = (faults: Faults, functions: readonly DiagramNode[]): FaultDefinition[] =>
  functions.map(({ id: node, name }) =>
    ruleFault(faults, { name: `kill-${name}`, title: `Kill ${name}`, explanation: EXPLANATION, node }, (hit) => ({
      invocation: ({ functionName }) => (functionName === name ? { killAtCall: 1, onDeath: hit } : undefined),
    })),
  );
