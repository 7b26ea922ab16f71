// All that the commands print goes through here, or through report.ts to here: whatever is in it, no terminal obeys it.

import { styleText } from "node:util";
import { printableJson, printableLines } from "./printable";

type Colour = "red" | "yellow" | "dim";

/** A text, some of it in a colour. */
export type Printed = string | readonly (string | { readonly text: string; readonly colour: Colour })[];

type Output = Pick<NodeJS.WriteStream, "isTTY" | "write">;

/** A text as it may be shown; coloured where the output is a terminal that wants it. */
export function rendered(printed: Printed, stream: Output): string {
  const parts = typeof printed === "string" ? [printed] : printed;
  return parts
    .map((part) => {
      if (typeof part === "string") return printableLines(part);
      return styleText(part.colour, printableLines(part.text), { stream: stream as NodeJS.WriteStream });
    })
    .join("");
}

/** Prints a text and ends its line. */
export const print = (printed: Printed, stream: Output = process.stdout): void =>
  void stream.write(`${rendered(printed, stream)}\n`);

/** Prints a value as one line of JSON. */
export const printJson = (value: unknown): void => void process.stdout.write(`${printableJson(value)}\n`);
