// Removes the stack that global-setup.ts synthesized.

import { rmSync } from "node:fs";
import { join } from "node:path";

export default function teardown(): void {
  const { SYNTHESIZED_STACK } = process.env;
  if (SYNTHESIZED_STACK !== undefined) rmSync(join(SYNTHESIZED_STACK, "..", ".."), { recursive: true });
}
