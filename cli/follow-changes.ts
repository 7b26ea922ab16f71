// `npm start -- --watch`: each change of the stack's sources is synthesized and applied to the embedded AWS that runs, with
// its table and objects. A mistake is told, and what ran before goes on.

import type { Console } from "../console";
import type { Pipeline } from "../pipeline";
import { UserError } from "../stack/user-error";
import { print } from "./print";
import { type LocalStack, synthesize } from "./synthesize";
import type { Watch } from "./watch";

interface Followed {
  readonly changes: Watch;
  readonly pipeline: Pipeline;
  readonly page: Console;
  /** The stack that runs now. */
  readonly stack: LocalStack;
  /** Variables of each synthesis; may throw a UserError, as it reads the settings again. */
  environment(): Readonly<Record<string, string>>;
  readonly output: NodeJS.WriteStream;
}

/** Follows changes until the user stops the process; resolves with the stack that runs then. */
export async function followChanges(
  { changes, pipeline, page, stack, environment, output }: Followed,
  stop: AbortSignal,
): Promise<LocalStack> {
  let current = stack;
  stop.addEventListener("abort", changes.close, { once: true });

  async function apply(): Promise<void> {
    const start = performance.now();
    const next = await synthesize(stop, environment());
    try {
      // A fault may have changed what is changed now.
      page.takeBackFaults();
      await pipeline.apply(next.directory);
      await page.show(pipeline, next.directory);
    } catch (error) {
      next.remove();
      throw error;
    }
    current.remove();
    current = next;
    print(`Applied the change in ${((performance.now() - start) / 1000).toFixed(1)} s.`, output);
  }

  for (;;) {
    await changes.change();
    if (stop.aborted) return current;
    await apply().catch((error: unknown) => {
      if (stop.aborted) return;
      if (!(error instanceof UserError)) throw error;
      const sentence = ` ${inOneSentence(error.message)}`;
      print([{ text: "Not applied; the previous stack goes on running:", colour: "red" }, sentence], process.stderr);
    });
  }
}

/** Of what the app said, with a stack trace if the mistake is in the code, the line that says what is wrong. */
export function inOneSentence(message: string): string {
  const lines = message.split("\n");
  const [first = ""] = lines;
  const [, place, wrong] = /^\s*(\S+:\d+:\d+): ERROR: (.*)$/m.exec(message) ?? [];
  if (place !== undefined) return `${place}: ${wrong}`;
  if (lines.length === 1) return first;
  return /^(?:Uncaught )?\w*Error\b.*$/m.exec(message)?.[0] ?? first;
}
