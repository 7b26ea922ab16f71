// The command line's table of contents. Each command is a file of its own, loaded with all its packages only when it is
// named: that saves every command most of its start.

import { Command } from "commander";
import { version } from "../package.json";
import { printableLines } from "./printable";

const COMMANDS: Readonly<Record<string, () => Command>> = {
  demo: () => (require("./demo") as typeof import("./demo")).demoCommand(),
  start: () => (require("./start") as typeof import("./start")).startCommand(),
  upload: () => (require("./upload") as typeof import("./upload")).uploadCommand(),
  presign: () => (require("./presign") as typeof import("./presign")).presignCommand(),
  thumbnail: () => (require("./thumbnail") as typeof import("./thumbnail")).thumbnailCommand(),
  profiles: () => (require("./profiles") as typeof import("./profiles")).profilesCommand(),
  failures: () => (require("./failures") as typeof import("./failures")).failuresCommand(),
  redrive: () => (require("./redrive") as typeof import("./redrive")).redriveCommand(),
  backfill: () => (require("./backfill") as typeof import("./backfill")).backfillCommand(),
  erase: () => (require("./erase") as typeof import("./erase")).eraseCommand(),
  sweep: () => (require("./sweep") as typeof import("./sweep")).sweepCommand(),
  export: () => (require("./export") as typeof import("./export")).exportCommand(),
  logs: () => (require("./logs") as typeof import("./logs")).logsCommand(),
  chaos: () => (require("./chaos") as typeof import("./chaos")).chaosCommand(),
  cost: () => (require("./cost") as typeof import("./cost")).costCommand(),
  plan: () => (require("./terraform") as typeof import("./terraform")).terraformCommand("plan"),
  deploy: () => (require("./terraform") as typeof import("./terraform")).terraformCommand("deploy"),
  destroy: () => (require("./terraform") as typeof import("./terraform")).terraformCommand("destroy"),
};

/** What commander says may repeat what the user gave. */
const OUTPUT = {
  writeOut: (text: string) => void process.stdout.write(printableLines(text)),
  writeErr: (text: string) => void process.stderr.write(printableLines(text)),
};

/**
 * The command line, not yet run. After --help and for invalid usage it throws a CommanderError.
 * @param name the one command that is wanted; the whole command line when it is none, as for --help and misspelt names
 */
export function createProgram(name = ""): Command {
  const program = new Command("profile-image").description(
    "Profile images on AWS, and the same stack on this machine.",
  );
  program.version(version, "-V, --version", "print the version");
  const named = Object.entries(COMMANDS).filter(([each]) => each === name);
  for (const [, load] of named.length > 0 ? named : Object.entries(COMMANDS)) {
    program.addCommand(load().exitOverride().configureOutput(OUTPUT));
  }
  return program.exitOverride().configureOutput(OUTPUT);
}
