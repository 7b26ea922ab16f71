// Progress of a command that works on many things: a line for each, and on a terminal a bar below them.

const WIDTH = 30;

/** Where lines go: stdout, or stderr when stdout is kept for JSON. */
type Output = Pick<NodeJS.WriteStream, "isTTY" | "write">;

export interface Progress {
  /** One of them is done. */
  done(line: string): void;
  /** Removes the bar. */
  end(): void;
}

/** Begins to show the progress of so many things. */
export function createProgress(total: number, output: Output): Progress {
  const digits = String(total).length;
  let count = 0;
  const clear = () => output.isTTY && output.write("\r\u001b[K");
  const draw = () => output.isTTY && output.write(bar(count / total));
  return {
    done(line) {
      count += 1;
      clear();
      output.write(`[${String(count).padStart(digits)}/${total}] ${line}\n`);
      draw();
    },
    end: () => void clear(),
  };
}

const bar = (share: number): string => {
  const full = Math.round(share * WIDTH);
  return `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${Math.floor(share * 100)} %`;
};
