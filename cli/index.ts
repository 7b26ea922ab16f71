// The command line: what `npm run demo`, `npm start` and their kin call. Each command is a file of its own.

import { Command } from "commander";
import { UserError } from "../stack/user-error";
import { backfillCommand } from "./backfill";
import { chaosCommand } from "./chaos";
import { demoCommand } from "./demo";
import { failuresCommand } from "./failures";
import { redriveCommand } from "./redrive";
import { startCommand } from "./start";
import { terraformCommands } from "./terraform";

// On Node 20 the AWS SDK announces on stderr that it will want Node 22 one day; that is not our users' business today.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const program = new Command("profile-image")
  .description("Profile pictures on AWS, and the same stack whole on this machine.")
  .addCommand(demoCommand())
  .addCommand(startCommand())
  .addCommand(failuresCommand())
  .addCommand(redriveCommand())
  .addCommand(backfillCommand())
  .addCommand(chaosCommand());
for (const command of terraformCommands()) program.addCommand(command);

program.parseAsync().catch((error: unknown) => {
  // A user's mistake is one sentence; anything else is a bug of ours, and its stack trace is what we need to mend it.
  console.error(error instanceof UserError ? `profile-image: ${error.message}` : error);
  process.exitCode = 1;
});
