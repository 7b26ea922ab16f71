// A table of text, as terminals show it.

import type { Printed } from "./print";
import { printable } from "./printable";

interface TableOptions {
  /** What a terminal has; a wider table gives up the middle of its widest cells. */
  readonly columns?: number;
  /** The column that is only there to be copied, from 0. */
  readonly dimmed?: number;
}

const GAP = 2;
/** Enough to tell one key from another by its ends. */
const LEAST_WIDTH = 9;

/** Columns as wide as their widest cell, two spaces apart; the first row is the header. */
export function renderTable(
  rows: readonly (readonly string[])[],
  { columns = Infinity, dimmed }: TableOptions = {},
): Printed {
  const cells = rows.map((row) => row.map(printable));
  const widest = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const widths = narrowed(widest, columns);
  return cells.flatMap((row, line) => {
    const end = row.findLastIndex((cell) => cell !== "");
    const shown = row.slice(0, end + 1).map((cell, column) => {
      const width = widths[column] ?? 0;
      const text = column === end ? cut(cell, width) : cut(cell, width).padEnd(width + GAP);
      return column === dimmed && line > 0 ? { text, colour: "dim" as const } : text;
    });
    return line === 0 ? shown : ["\n", ...shown];
  });
}

function narrowed(widest: readonly number[], columns: number): number[] {
  const widths = [...widest];
  const total = () => widths.reduce((sum, width) => sum + width + GAP, -GAP);
  while (total() > columns) {
    const most = Math.max(...widths);
    if (most <= LEAST_WIDTH) break;
    widths[widths.indexOf(most)] = most - 1;
  }
  return widths;
}

/** A text of so many characters at most, without its middle if it has more: keys begin alike, and end with the file's name. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.floor((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}
