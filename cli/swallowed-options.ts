// Options without npm's double dash: `npm run backfill --local` gives --local to npm, and the command never gets it.
// What npm makes of them is in the environment of its scripts, or at least in its own log.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Command, Option } from "commander";
import { UserError } from "../stack/user-error";

type Environment = Readonly<Record<string, string | undefined>>;

/** Many have this one in their npm's configuration. Who is not heard is asked, or told of the double dash. */
const LEFT_TO_NPM = "--yes";

/** Throws a UserError that shows the right spelling when npm has kept options of a command for itself. */
export function refuseSwallowedOptions(
  command: Command,
  environment: Environment,
  npmArguments: readonly string[] = argumentsOfNpm(environment),
): void {
  const given = command.options
    .map((option) => givenToNpm(option, environment, npmArguments))
    .filter((each) => each !== undefined);
  if (given.length === 0) return;
  const options = given.join(" ");
  throw new UserError(
    `npm has kept ${options} for itself; options of the command go after a double dash: ${spelling(command.name(), environment)} ${options}`,
  );
}

/** The option as it has to be written, when npm has got it. */
function givenToNpm(option: Option, environment: Environment, npmArguments: readonly string[]): string | undefined {
  const { long, negate } = option;
  if (long === undefined || long === null || long === LEFT_TO_NPM) return undefined;
  // To npm this one means the opposite of --global, which leaves no trace in the environment.
  if (long === "--local" && npmArguments.includes("--no-global")) return long;
  const value = environment[`npm_config_${long.replace(/^--(no-)?/, "").replaceAll("-", "_")}`];
  if (value === undefined) return undefined;
  const isOff = value === "" || value === "false";
  if (negate || isOff) return negate && isOff ? long : undefined;
  if (!option.required && !option.optional) return long;
  // Of `--stage prod` npm keeps the first word alone.
  return value === "true" ? option.flags : `${long} ${value}`;
}

function spelling(name: string, { npm_command: npmCommand }: Environment): string {
  if (npmCommand === "exec") return `npx -- profile-image ${name}`;
  return name === "start" ? "npm start --" : `npm run ${name} --`;
}

/** How far above this process npm may be: there is a shell in between. */
const GENERATIONS = 3;

/**
 * What the npm that runs this process was called with, by the log that it holds open: its title, which it writes over its
 * command line, leaves the options out. Empty where there is no log, or on other systems than Linux.
 */
function argumentsOfNpm({ npm_command: npmCommand }: Environment): readonly string[] {
  if (npmCommand === undefined || process.platform !== "linux") return [];
  let pid = process.ppid;
  try {
    for (let generation = 0; generation < GENERATIONS; generation += 1) {
      for (const file of readdirSync(`/proc/${pid}/fd`)) {
        const path = readlinkSync(`/proc/${pid}/fd/${file}`);
        if (/\/_logs\/[^/]+-debug-\d+\.log$/.test(path)) return loggedArguments(readFileSync(path, "utf8"));
      }
      pid = parentOf(pid);
    }
  } catch {
    // Another user's process, or one that has just ended.
  }
  return [];
}

function loggedArguments(log: string): readonly string[] {
  const [, words = ""] = /^\d+ verbose argv (.*)$/m.exec(log) ?? [];
  return [...words.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word);
}

const parentOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
