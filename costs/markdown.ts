// Numbers and tables as the page shows them: Markdown that is also easy to read in a terminal.

/** `1,000,000`, `22,815`, `3.7`, `0.0025`: three digits that count where it is no whole number. */
export const count = (value: number): string =>
  value.toLocaleString("en-US", value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });

/** `$4,065.50`, `$0.18`, `$0.0042`: cents, or two digits of what is less than one. */
export const usd = (value: number): string =>
  `$${value.toLocaleString("en-US", value >= 0.01 || value === 0 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 2 })}`;

/** Columns as wide as their widest cell; those of numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const isNumber = header.map((_, column) => rows.every((row) => /^[*$\d]|^$/.test(row[column] ?? "")));
  const line = (row: readonly string[]) => {
    const cells = row.map((cell, at) => (isNumber[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)));
    return `| ${cells.join(" | ")} |`;
  };
  const rule = widths.map((width, at) => (isNumber[at] ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}
