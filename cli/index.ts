// The command line: what `npm run demo`, `npm start` and the other scripts call, and `npx profile-image …`.

import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { CommanderError } from "commander";
import { UserError } from "../stack/user-error";
import { print } from "./print";
import { createProgram } from "./program";
import { onStop, type Stop } from "./stop";
import { refuseSwallowedOptions } from "./swallowed-options";

// On Node 20 the AWS SDK warns on stderr that it will require Node 22 one day, which does not concern our users today.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/**
 * How long the process may go on after the user has stopped it, in milliseconds. Whatever runs for it then, such as the
 * functions of an embedded AWS, ends with it.
 */
const LAST_MOMENT_MS = 800;

let stopped: Stop | undefined;
onStop((stop) => {
  stopped = stop;
  setTimeout(() => {
    complainOfStop(stop);
    process.exit(process.exitCode ?? 1);
  }, LAST_MOMENT_MS).unref();
});

function complainOfStop({ reason, isTheEnd }: Stop): void {
  if (!isTheEnd) complain(`stopped by ${reason}`);
}

const complain = (message: string): void =>
  print([{ text: "profile-image:", colour: "red" }, ` ${message}`], process.stderr);

async function main(): Promise<void> {
  try {
    const program = createProgram(process.argv[2]);
    const command = program.commands.find((each) => each.name() === process.argv[2]);
    if (command !== undefined) refuseSwallowedOptions(command, process.env);
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has said everything. That the process ends by itself lets tsx write down what it compiled for the next one.
      process.exitCode = error.exitCode;
      return;
    }
    // Ctrl-C ends the compiler of our sources as well, and that may be met before the signal is heard.
    await setImmediate();
    // A user's mistake is one sentence; anything else is a bug of ours, and its stack trace is what we need to fix it.
    if (error instanceof UserError) complain(error.message);
    else if (stopped !== undefined) complainOfStop(stopped);
    else complain(inspect(error));
    // A command that a signal stopped has its own: see stop.ts.
    process.exitCode ??= 1;
  }
  // What the command has left behind, such as a call that is tried again, holds it up no longer.
  if (stopped !== undefined) process.exit();
}

void main();
