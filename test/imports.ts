// Every module that a source file names, whatever way it does: the wall's test rests on it. A parser reads the file. Beside
// imports each text that is a path is taken for a module of the project, so that no way to load one is forgotten.

import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type ParserOptions, parse } from "@babel/parser";

export const ROOT = join(__dirname, "..");

/** The name of a module that only a run can tell. */
export const COMPUTED = "(computed)";

/** The source files of a folder, as paths from the project's root. */
export const sourcesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
    .map((name) => posix.join(folder, ...name.split(sep)));

/**
 * The modules that a file names: packages as they are, modules of the project as `./` and their path from its root, without
 * extension.
 */
export const importsOf = (file: string, text = readFileSync(join(ROOT, file), "utf8")): string[] => [
  ...new Set(namesIn(file, text).map((name) => (name === COMPUTED ? name : fromRoot(file, name)))),
];

function fromRoot(file: string, name: string): string {
  if (!isPath(name)) return name;
  const path = name.startsWith("file:") ? fileURLToPath(name) : name;
  const isAbsolute = path.startsWith(sep);
  const relativePath = isAbsolute ? relative(ROOT, path).split(sep).join("/") : posix.join(posix.dirname(file), path);
  return `./${relativePath.replace(/\.[cm]?[jt]sx?$/, "").replace(/^\.$|\/$/, "")}`;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

function namesIn(file: string, text: string): string[] {
  const plugins: ParserOptions["plugins"] = file.endsWith("x") ? ["typescript", "jsx"] : ["typescript"];
  const { program, comments } = parse(text, { sourceType: "unambiguous", plugins });
  const names = (comments ?? []).flatMap(({ value }) => namesInComment(value));
  const loaders = new Set(["require"]);
  const waiting: unknown[] = [program];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) waiting.push(...next.filter((each) => each !== null));
    if (!isNode(next)) continue;
    names.push(...namesOfNode(next, loaders));
    waiting.push(...Object.values(next).filter((value) => typeof value === "object" && value !== null));
  }
  return names;
}

/** TypeScript reads comments too: references, and in JavaScript the types of JSDoc. */
function namesInComment(comment: string): string[] {
  const forms = [
    /^\/\s*<reference\s[^>]*?(?:path|types)\s*=\s*["']([^"']+)["']/g,
    /\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g,
    /@import\s[^;]*?from\s*["']([^"']+)["']/g,
  ];
  return forms.flatMap((form) => [...comment.matchAll(form)].map(([, name = ""]) => name));
}

function namesOfNode(node: Node, loaders: Set<string>): string[] {
  const text = textOf(node);
  if (text !== undefined) return isPath(text) && text !== "." && text !== ".." ? [text] : [];
  if (node.type === "VariableDeclarator" && isNode(node.id) && nameOf(calleeOf(node.init)) === "createRequire") {
    loaders.add(nameOf(node.id) ?? "");
  }
  const named = moduleOf(node, loaders);
  if (named === undefined) return [];
  const name = textOf(named);
  // What follows a package's name and a slash is that package's.
  const isKnown = named.type !== "TemplateLiteral" || isWhole(named) || (name !== undefined && /^[^./]/.test(name));
  return name !== undefined && isKnown ? [name] : [COMPUTED];
}

/** The expression in a node that names a module: of each form of import, export and type, and of each call that loads. */
function moduleOf(node: Node, loaders: ReadonlySet<string>): Node | undefined {
  if (isNode(node.source)) return node.source;
  if (node.type === "TSExternalModuleReference") return node.expression as Node;
  if (node.type === "TSImportType") return node.argument as Node;
  if (node.type === "TSModuleDeclaration") return textOf(node.id as Node) === undefined ? undefined : (node.id as Node);
  const callee = calleeOf(node);
  const [argument] = callee?.type === "Import" || loads(callee, loaders) ? (node.arguments as Node[]) : [];
  return argument;
}

/** The text of a literal; of a template what stands before its first expression, if that already says where. */
function textOf(node: Node): string | undefined {
  if (node.type === "StringLiteral" || node.type === "DirectiveLiteral") return String(node.value);
  if (node.type !== "TemplateLiteral") return undefined;
  const [first] = node.quasis as { value: { cooked?: string | null } }[];
  const text = first?.value.cooked ?? "";
  return isWhole(node) || text.includes("/") ? text : undefined;
}

const isWhole = (template: Node): boolean => (template.expressions as unknown[]).length === 0;

const isPath = (text: string): boolean =>
  /^\.\.?(\/|$)/.test(text) || text.startsWith(ROOT + sep) || text.startsWith("file:");

const calleeOf = (node: unknown): Node | undefined =>
  isNode(node) && node.type === "CallExpression" && isNode(node.callee) ? node.callee : undefined;

/** `a` of `a` and of `x.a`. */
const nameOf = (node: Node | undefined): string | undefined =>
  node?.type === "MemberExpression" ? nameOf(node.property as Node) : (node?.name as string | undefined);

/** `require(…)`, `require.resolve(…)`, `createRequire(…)(…)`, `import.meta.resolve(…)`, and what was made by createRequire. */
function loads(callee: Node | undefined, loaders: ReadonlySet<string>): boolean {
  if (callee === undefined) return false;
  if (nameOf(calleeOf(callee)) === "createRequire") return true;
  const object = callee.type === "MemberExpression" ? (callee.object as Node) : undefined;
  if (object === undefined) return loaders.has(nameOf(callee) ?? "");
  return nameOf(callee) === "require" || (nameOf(callee) === "resolve" && isResolver(object, loaders));
}

const isResolver = (object: Node, loaders: ReadonlySet<string>): boolean =>
  object.type === "MetaProperty" || (object.type === "Identifier" && loaders.has(nameOf(object) ?? ""));
