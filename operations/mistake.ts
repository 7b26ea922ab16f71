// What is wrong with what the user gave, each kind of it said once, whatever number of things it is wrong with.

import { UserError } from "../stack/user-error";

export interface Mistake {
  /** The same for all that can be said in one sentence. */
  readonly kind: string;
  /** What it is wrong with. */
  readonly item: string;
  /** The sentence when it is wrong with nothing else. */
  readonly sentence: string;
  /** The sentence about several items, which then follow. */
  about(count: number): string;
}

/** A file, or another thing with a path, as the user gave it. */
export interface Named {
  readonly noun: "photo" | "file" | "folder";
  readonly path: string;
}

/** @param detail what is different for each file, such as its size */
export function mistakeOf({ noun, path }: Named, why: string, detail?: string): Mistake {
  return {
    kind: `${noun} ${why}`,
    item: `"${path}"${detail === undefined ? "" : ` (${detail})`}`,
    sentence: `the ${noun} "${path}" ${why}${detail === undefined ? "" : ` (${detail})`}`,
    about: (count) => `each of ${count} ${noun}s ${why}`,
  };
}

/** A sentence for each kind, in the order in which they were met. */
function sentencesOf(mistakes: readonly Mistake[]): string[] {
  const kinds = new Map<string, Mistake[]>();
  for (const mistake of mistakes) kinds.set(mistake.kind, [...(kinds.get(mistake.kind) ?? []), mistake]);
  return [...kinds.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    if (others.length === 0) return [first.sentence];
    const items = [first, ...others].map(({ item }) => item);
    return [`${first.about(items.length)}:\n    ${items.join("\n    ")}`];
  });
}

/**
 * The user's error about all of it.
 * @param consequence what was not done because of it: "nothing was sent"
 */
export function mistakesError(mistakes: readonly Mistake[], consequence: string): UserError {
  const [sentence = "", ...others] = sentencesOf(mistakes);
  if (others.length === 0) return new UserError(sentence.includes("\n") ? sentence : `${sentence}; ${consequence}`);
  return new UserError(`${others.length + 1} mistakes, so ${consequence}:\n  ${[sentence, ...others].join("\n  ")}`);
}
