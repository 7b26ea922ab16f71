// Values of which a command takes one, in whatever case.

import { InvalidArgumentError } from "commander";

/** A parser that gives the choice that is meant. */
export const anyCaseOf =
  <T extends string>(choices: readonly T[]) =>
  (value: string): T => {
    const choice = choices.find((each) => each.toLowerCase() === value.toLowerCase());
    if (choice === undefined) throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
    return choice;
  };
