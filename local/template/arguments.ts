// Reads the arguments of one resource: each by its name and type. What nobody asked for at the end is an argument that
// the embedded AWS does not know, and is refused by name: never silently ignored.

import { isRecord, StackError } from "./stack-error";

/** Arguments of Terraform's own, already used. */
const INERT = ["//", "depends_on"];

/** The arguments of a resource, or of a block within it, with all references resolved. */
export class Arguments {
  readonly #known = new Set<string>(INERT);

  /** @param address what the arguments belong to, for messages: `aws_s3_bucket.images` */
  constructor(
    readonly address: string,
    private readonly body: Readonly<Record<string, unknown>>,
  ) {}

  /** Reads the arguments of a block with `readBody` and then refuses those that it never asked for. */
  static read<T>(address: string, body: Readonly<Record<string, unknown>>, readBody: (args: Arguments) => T): T {
    const args = new Arguments(address, body);
    const result = readBody(args);
    args.#refuseUnexpected();
    return result;
  }

  /** The same of a resource, whose `readBody` reads all before it waits for anything; it is not waited for. */
  static async check(
    address: string,
    body: Readonly<Record<string, unknown>>,
    readBody: (args: Arguments) => unknown,
  ): Promise<void> {
    const args = new Arguments(address, body);
    // A refusal while reading is reported before arguments that were never read.
    await Promise.race([readBody(args), undefined]);
    args.#refuseUnexpected();
  }

  #refuseUnexpected(): void {
    const unexpected = Object.keys(this.body).find((name) => !this.#known.has(name));
    if (unexpected === undefined) return;
    throw new StackError(`${this.address} has the argument "${unexpected}", which the embedded AWS does not know`);
  }

  optionalString(name: string): string | undefined {
    return this.#value(name, "a string", (value) => typeof value === "string");
  }

  optionalNumber(name: string): number | undefined {
    return this.#value(name, "a number", (value) => typeof value === "number");
  }

  optionalBoolean(name: string): boolean | undefined {
    return this.#value(name, "true or false", (value) => typeof value === "boolean");
  }

  optionalStrings(name: string): string[] | undefined {
    return this.#value(name, "a list of strings", (value): value is string[] => isListOf(value, "string"));
  }

  optionalStringMap(name: string): Record<string, string> | undefined {
    return this.#value(
      name,
      "a map of strings",
      (value): value is Record<string, string> => isRecord(value) && isListOf(Object.values(value), "string"),
    );
  }

  string(name: string): string {
    return this.#required(name, this.optionalString(name));
  }

  number(name: string): number {
    return this.#required(name, this.optionalNumber(name));
  }

  strings(name: string): string[] {
    return this.#required(name, this.optionalStrings(name));
  }

  /** Nested blocks of one name: Terraform's JSON writes one block as an object or as a list of one. */
  blocks<T>(name: string, readBlock: (block: Arguments) => T): T[] {
    this.#known.add(name);
    const value = this.body[name] ?? [];
    return (Array.isArray(value) ? value : [value]).map((element) => {
      if (!isRecord(element)) throw this.#wrong(name, "a block", element);
      return Arguments.read(`${this.address}: ${name}`, element, readBlock);
    });
  }

  optionalBlock<T>(name: string, readBlock: (block: Arguments) => T): T | undefined {
    const blocks = this.blocks(name, readBlock);
    if (blocks.length > 1)
      throw new StackError(`${this.address}: "${name}" may be there once (given ${blocks.length} times)`);
    return blocks[0];
  }

  block<T>(name: string, readBlock: (block: Arguments) => T): T {
    return this.#required(name, this.optionalBlock(name, readBlock));
  }

  /** Takes note of arguments that cannot matter locally, whatever their value. */
  inert(...names: string[]): void {
    for (const name of names) this.#known.add(name);
  }

  /** Takes note of all arguments: nothing new is among them. */
  alreadyRead(): void {
    this.inert(...Object.keys(this.body));
  }

  /** Accepts an argument only with the one value that the embedded AWS emulates. */
  only(name: string, allowed: string | boolean): void {
    this.#known.add(name);
    const value = this.body[name] ?? allowed;
    if (value !== allowed) throw this.#wrong(name, `${JSON.stringify(allowed)} in the embedded AWS`, value);
  }

  #value<T>(name: string, type: string, isType: (value: unknown) => value is T): T | undefined {
    this.#known.add(name);
    const value = this.body[name];
    if (value === undefined || value === null) return undefined;
    if (!isType(value)) throw this.#wrong(name, type, value);
    return value;
  }

  #required<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw new StackError(`${this.address}: the argument "${name}" is missing`);
    return value;
  }

  #wrong(name: string, allowed: string, value: unknown): StackError {
    return new StackError(`${this.address}: "${name}" must be ${allowed} (given ${JSON.stringify(value)})`);
  }
}

const isListOf = (value: unknown, type: string): boolean =>
  Array.isArray(value) && value.every((element) => typeof element === type);

/** The value of an argument that allows a few words only. */
export function oneOf<T extends string>(args: Arguments, name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    throw new StackError(`${args.address}: "${name}" must be one of ${allowed.join(", ")} (given "${value}")`);
  }
  return found;
}
