// Which file the runtime takes for the handler, and what it says when there is none. The loader is an ES module, as it is in
// a function's process; one process of Node's loads every handler here.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { STRICT_MODULES } from "../../../local/lambda/instance/instance";

const RUNTIME = join(__dirname, "..", "..", "..", "local", "lambda", "runtime");
const urlOf = (file: string) => JSON.stringify(pathToFileURL(join(RUNTIME, file)).href);

/** Answers each folder that it is sent with what the handler returns, or with the error as Lambda tells it. */
const PROGRAM = `
  import { toErrorResponse } from ${urlOf("errors.mjs")};
  import { loadHandler } from ${urlOf("loader.mjs")};
  process.on("message", async (folder) => {
    process.send(await loadHandler(folder, "index.handler").then(
      async (handler) => ({ result: await handler() }),
      (error) => toErrorResponse(error),
    ));
  });`;

const directory = mkdtempSync(join(tmpdir(), "loader-test-"));
let runtime: ChildProcess;
let folders = 0;
beforeAll(() => {
  runtime = spawn(process.execPath, [...STRICT_MODULES, "--input-type=module", "-e", PROGRAM], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
});
afterAll(async () => {
  const exit = once(runtime, "exit");
  runtime.kill();
  await exit;
  rmSync(directory, { recursive: true });
});

async function load(files: Readonly<Record<string, string>>): Promise<unknown> {
  folders += 1;
  const folder = join(directory, String(folders));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const answer = once(runtime, "message");
  runtime.send(folder);
  return (await answer)[0];
}

const loaded = "handler = async () => import.meta.url ? 'module' : 'script';";
it.each([
  ["index.js as a script", { "index.js": "exports.handler = async () => 'script';" }, "script"],
  [
    "index.js as a module when its package says so",
    { "index.js": `export const ${loaded}`, "package.json": '{"type":"module"}' },
    "module",
  ],
  ["index.mjs", { "index.mjs": `export const ${loaded}` }, "module"],
  ["index.cjs", { "index.cjs": "exports.handler = async () => 'cjs';" }, "cjs"],
  ["index.js before index.mjs", { "index.js": "exports.handler = async () => 'first';", "index.mjs": "" }, "first"],
])("loads %s", async (_title, files, expected) => {
  expect(await load(files)).toEqual({ result: expected });
});

it.each([
  [
    "a missing module",
    { "index.js": "require('sharp');" },
    "Runtime.ImportModuleError",
    /^Error: Cannot find module 'sharp'/,
  ],
  ["a missing file", { "other.js": "" }, "Runtime.ImportModuleError", /^Error: Cannot find module 'index'/],
  ["a missing export", { "index.js": "" }, "Runtime.HandlerNotFound", /^index.handler is undefined or not exported$/],
  [
    "an export that is not a function",
    { "index.js": "exports.handler = 1;" },
    "Runtime.HandlerNotFound",
    /^index.handler is not a function$/,
  ],
  [
    "a syntax error",
    { "index.js": "exports.handler = async ( => 1;" },
    "Runtime.UserCodeSyntaxError",
    /^SyntaxError: /,
  ],
  [
    "a module in index.js without a package.json",
    { "index.js": `export const ${loaded}` },
    "Runtime.UserCodeSyntaxError",
    /^SyntaxError: /,
  ],
  [
    "an error at start",
    { "index.mjs": "throw new Error('BUCKET_NAME is not set');" },
    "Error",
    /^BUCKET_NAME is not set$/,
  ],
  [
    "a callback handler",
    { "index.js": "exports.handler = (event, context, callback) => callback(null, 1);" },
    "Runtime.CallbackHandlerDeprecated",
    /removed support for callback-based function handlers starting with Node.js 24/,
  ],
])("fails for %s", async (_title, files, errorType, message) => {
  expect(await load(files)).toMatchObject({ errorType, errorMessage: expect.stringMatching(message) });
});
