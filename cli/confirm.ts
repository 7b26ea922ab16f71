// Asks before a command changes, deletes or spends something in a real account.

import { createInterface } from "node:readline";
import type { Command } from "commander";
import { UserError } from "../stack/user-error";
import { rendered } from "./print";
import type { Target } from "./target";

export interface ConfirmOptions {
  readonly yes?: boolean;
}

/** Adds the option that answers beforehand. */
export const withConfirmation = (command: Command): Command =>
  command.option("--yes", "do not ask before changing a real account; required where there is no terminal to ask on");

/** By whom is asked: the process's own terminal, except in tests. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & Pick<NodeJS.WriteStream, "isTTY">;
}

/**
 * Resolves when the work may be done; a UserError says why it may not. On an embedded AWS nothing is asked.
 * @param work such as `Replay 3 failure records`
 */
export async function confirm(
  target: Target,
  work: string,
  { yes = false }: ConfirmOptions,
  stop: AbortSignal,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (!target.isReal || yes) return;
  if (!input.isTTY || !output.isTTY) {
    throw new UserError(
      `nothing was done: "${work}", on ${target.words}, must be confirmed, and there is no terminal to ask on; ${HOW}`,
    );
  }
  const question = rendered(`${work}, on ${target.words}? [y/N] `, output);
  const answer = await ask(question, { input, output }, stop);
  if (stop.aborted) throw new UserError(`stopped by ${stop.reason} before anything was done`);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError(`nothing was done; ${HOW}`);
}

const HOW = "--yes confirms it beforehand, and --local means the embedded AWS (after npm's double dash: -- --yes)";

/** Resolves with a line, and with an empty one when the input ends or the user stops the process. */
async function ask(question: string, { input, output }: Terminal, signal: AbortSignal): Promise<string> {
  // No line editing of Node's own: it would take Ctrl-C for itself.
  const lines = createInterface({ input, output, terminal: false });
  try {
    return await new Promise<string>((resolve) => {
      const unanswered = () => {
        output.write("\n");
        resolve("");
      };
      signal.addEventListener("abort", unanswered, { once: true });
      lines.once("close", unanswered);
      lines.question(question, (answer) => {
        lines.off("close", unanswered);
        signal.removeEventListener("abort", unanswered);
        resolve(answer);
      });
    });
  } finally {
    lines.close();
  }
}
