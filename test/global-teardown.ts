// Removes the stacks that global-setup.ts synthesized.

import { rmSync } from "node:fs";
import { join } from "node:path";

export default function teardown(): void {
  const { SYNTHESIZED_STACK, SYNTHESIZED_STACK_WITH_EVENTS } = process.env;
  for (const stack of [SYNTHESIZED_STACK, SYNTHESIZED_STACK_WITH_EVENTS]) {
    if (stack !== undefined) rmSync(join(stack, "..", ".."), { recursive: true });
  }
}
