// The command line: what `npm run demo`, `npm start` and their kin call, and `npx profile-image …`.

import { inspect } from "node:util";
import { CommanderError } from "commander";
import { UserError } from "../stack/user-error";
import { print } from "./print";
import { createProgram } from "./program";

// On Node 20 the AWS SDK announces on stderr that it will want Node 22 one day; that is not our users' business today.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

createProgram(process.argv[2])
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      // It has said everything. That the process ends by itself lets tsx write down what it compiled for the next one.
      process.exitCode = error.exitCode;
      return;
    }
    // A user's mistake is one sentence; anything else is a bug of ours, and its stack trace is what we need to mend it.
    const said = error instanceof UserError ? ` ${error.message}` : ` ${inspect(error)}`;
    print([{ text: "profile-image:", colour: "red" }, said], process.stderr);
    // A command that a signal stopped has its own: see stop.ts.
    process.exitCode ??= 1;
  });
