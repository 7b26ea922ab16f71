// All that the commands print goes through here, or through report.ts to here: whatever is in it, no terminal obeys it.

import { styleText } from "node:util";
import { printableJson, printableLines } from "./printable";

type Colour = "red" | "green" | "yellow" | "dim" | "bold";

interface Coloured {
  readonly text: string;
  readonly colour: Colour;
  /** Not shown at all where no colour is. */
  readonly isOrnament?: boolean;
}

/** A text, some of it in a colour. */
export type Printed = string | readonly (string | Coloured)[];

type Output = Pick<NodeJS.WriteStream, "isTTY" | "write">;

/** What was done, and what was not, for the eye. */
export const TICK: Coloured = { text: "✓ ", colour: "green", isOrnament: true };
export const CROSS: Coloured = { text: "✕ ", colour: "red", isOrnament: true };

/** A text as it may be shown; coloured where the output is a terminal that wants it. */
export function rendered(printed: Printed, stream: Output): string {
  const parts = typeof printed === "string" ? [printed] : printed;
  return parts
    .map((part) => {
      if (typeof part === "string") return printableLines(part);
      const plain = printableLines(part.text);
      const styled = styleText(part.colour, plain, { stream: stream as NodeJS.WriteStream });
      return part.isOrnament && styled === plain ? "" : styled;
    })
    .join("");
}

/** Of a terminal that does not say. */
const COLUMNS = 80;

/** How many characters a line of the output has, if it is a terminal. */
export const columnsOf = (stream: Pick<NodeJS.WriteStream, "isTTY"> & { columns?: number }): number | undefined =>
  stream.isTTY ? stream.columns || COLUMNS : undefined;

/** Prints a text and ends its line. */
export const print = (printed: Printed, stream: Output = process.stdout): void =>
  void stream.write(`${rendered(printed, stream)}\n`);

/** Prints a value as one line of JSON. */
export const printJson = (value: unknown): void => void process.stdout.write(`${printableJson(value)}\n`);
