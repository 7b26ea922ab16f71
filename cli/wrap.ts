// Lines of text within the columns of a terminal.

/**
 * Breaks a line between words, and indents what follows. A word that is longer than a line stays whole, so that it can be
 * copied. Without columns the line stays as it is.
 */
export function wrap(line: string, columns = Infinity, indent = ""): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const start = lines.length === 0 ? 0 : indent.length;
    const within = rest.lastIndexOf(" ", columns);
    const hasWord = within > start && rest.slice(start, within).trim() !== "";
    const end = hasWord ? within : rest.indexOf(" ", columns);
    if (end === -1) break;
    lines.push(rest.slice(0, end).trimEnd());
    rest = indent + rest.slice(end).trimStart();
  }
  return [...lines, rest].join("\n");
}
