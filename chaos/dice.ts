// Chance that can be repeated: what a throw shows depends on the seed and on what is thrown for, never on the moment.

import { createHash } from "node:crypto";

/** Throws a number from 0 up to, but not including, 1. */
export type Dice = (occasion: string) => number;

/** Makes the dice of one seed. */
export function createDice(seed: number): Dice {
  return (occasion) => createHash("sha256").update(`${seed} ${occasion}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Chooses one of a list. */
export function chooseFrom<T>(list: readonly T[], thrown: number): T {
  const chosen = list[Math.floor(thrown * list.length)];
  if (chosen === undefined) throw new Error("There is nothing to choose from");
  return chosen;
}
