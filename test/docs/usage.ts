// Our commands as a page writes them: `npm run demo [-- photo.jpg …] [--json]`, `npx profile-image upload --local me.jpg`.

import type { Command, Option } from "commander";
import { createProgram } from "../../cli/program";
import { scripts } from "../../package.json";

/** A command of ours, and what it is given. */
export interface Usage {
  readonly name: string;
  readonly args: readonly string[];
}

export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  createProgram().commands.map((command) => [command.name(), command]),
);

/** The lines of a block of shell without comments. */
export const linesOf = (block: string): string[] =>
  block
    .replaceAll("\\\n", " ")
    .split(/\n|&&/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");

/**
 * The command that a line or a span is; undefined for other programs and for npm's own commands.
 * @throws Error for a script that package.json has not, and for options that npm would keep for itself
 */
export function usageOf(text: string): Usage | undefined {
  // Brackets mean that something may be left out.
  const words = text.replaceAll(/[[\]]/g, "").trim().split(/\s+/);
  const [program, ...rest] = words;
  if (program === "npx" && rest[0] === "profile-image") return withoutScript(rest.slice(1));
  if (program !== "npm" || !["run", "start", "test"].includes(rest[0] ?? "")) return undefined;
  const [name = "", dash, ...args] = rest[0] === "run" ? rest.slice(1) : rest;
  if (!Object.hasOwn(scripts, name)) throw new Error(`${text}: package.json has no script ${name}`);
  if (dash !== undefined && dash !== "--") throw new Error(`${text}: npm keeps what does not follow a double dash`);
  return COMMANDS.has(name) ? { name, args } : undefined;
}

function withoutScript([name = "", ...args]: readonly string[]): Usage | undefined {
  if (COMMANDS.has(name)) return { name, args };
  if (name === "" || name.startsWith("-")) return undefined;
  throw new Error(`npx profile-image ${name}: there is no such command`);
}

/** Throws an Error for an option or argument that the command does not have, and for a value that it refuses. */
export function checkUsage({ name, args }: Usage): void {
  const command = COMMANDS.get(name) as Command;
  // The rest is Terraform's.
  if (["plan", "deploy", "destroy"].includes(name)) return;
  const positional: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (word === "--help") continue;
    if (!word.startsWith("-")) {
      positional.push(word);
      continue;
    }
    const option = command.options.find(({ long, short }) => long === word || short === word);
    if (option === undefined) throw new Error(`${name} has no option ${word}`);
    const value = args[at + 1];
    if (!option.required) continue;
    if (value === undefined || value.startsWith("-")) throw new Error(`${name} wants a value for ${word}`);
    checkValue(option, value);
    at += 1;
  }
  if (positional.length > 0 && command.registeredArguments.length === 0 && !takesMany(command)) {
    throw new Error(`${name} takes no ${positional[0]}`);
  }
}

const takesMany = (command: Command): boolean => command.options.some(({ variadic }) => variadic);

/** What stands for something: ID, DIR, RECORD…. */
const isPlaceholder = (value: string): boolean => /^[A-Z]+$|…/.test(value);

function checkValue(option: Option, value: string): void {
  if (!isPlaceholder(value)) option.parseArg?.(value, undefined as never);
}
