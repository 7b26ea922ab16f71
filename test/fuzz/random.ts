// Chance with a seed: the same seed makes the same requests again.

export type Random = ReturnType<typeof createRandom>;

/** Creates a source of chance (mulberry32). */
export function createRandom(seed: number) {
  let state = seed | 0;

  /** From 0 to below 1. */
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const below = (limit: number): number => Math.floor(fraction() * limit);

  return {
    /** A whole number from 0 to below the limit. */
    below,
    /** True with a probability. */
    chance: (probability: number): boolean => fraction() < probability,
    pick: <T>(choices: readonly T[]): T => choices[below(choices.length)] as T,
    bytes: (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256))),
    /** Printable ASCII without a space. */
    word: (length: number): string => String.fromCharCode(...Array.from({ length }, () => 33 + below(94))),
  };
}
