// The command line's table of contents. Each command is a file of its own.

import { Command } from "commander";
import { backfillCommand } from "./backfill";
import { chaosCommand } from "./chaos";
import { demoCommand } from "./demo";
import { failuresCommand } from "./failures";
import { logsCommand } from "./logs";
import { presignCommand } from "./presign";
import { profilesCommand } from "./profiles";
import { redriveCommand } from "./redrive";
import { startCommand } from "./start";
import { terraformCommands } from "./terraform";
import { uploadCommand } from "./upload";

/** The whole command line, not yet run. */
export function createProgram(): Command {
  const program = new Command("profile-image").description(
    "Profile pictures on AWS, and the same stack whole on this machine.",
  );
  const commands = [
    demoCommand(),
    startCommand(),
    uploadCommand(),
    presignCommand(),
    profilesCommand(),
    failuresCommand(),
    redriveCommand(),
    backfillCommand(),
    logsCommand(),
    chaosCommand(),
    ...terraformCommands(),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}
