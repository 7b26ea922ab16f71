// Finds the function that a handler string such as `index.handler` names, in the managed runtime's order: the file
// without extension, .js as its package says, .mjs, .cjs, and last a module of node_modules.
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RuntimeError } from "./errors.mjs";

const CALLBACK_REFUSAL =
  "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.";

/** @typedef {(event: unknown, context: object) => unknown} Handler */

/**
 * Loads the function's code and returns its handler.
 * @param {string} taskRoot
 * @param {string} handlerString
 * @returns {Promise<Handler>}
 */
export async function loadHandler(taskRoot, handlerString) {
  if (handlerString.includes("..")) {
    throw new RuntimeError(
      "MalformedHandlerName",
      `'${handlerString}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const name = basename(handlerString);
  const folder = handlerString.slice(0, handlerString.indexOf(name));
  const [, moduleName, property] = /^([^.]*)\.(.*)$/.exec(name) ?? [];
  if (moduleName === undefined || property === undefined) {
    throw new RuntimeError("MalformedHandlerName", "Bad handler");
  }
  const handler = select(await loadModule(taskRoot, folder, moduleName), property);
  if (!handler) throw new RuntimeError("HandlerNotFound", `${handlerString} is undefined or not exported`);
  if (typeof handler !== "function") {
    throw new RuntimeError("HandlerNotFound", `${handlerString} is not a function`);
  }
  // nodejs22.x still runs them on AWS; the embedded AWS refuses them there too rather than have two ways to end.
  if (handler.length >= 3) throw new RuntimeError("CallbackHandlerDeprecated", CALLBACK_REFUSAL);
  return /** @type {Handler} */ (handler);
}

/**
 * @param {unknown} value
 * @param {string} path
 */
function select(value, path) {
  let selected = /** @type {any} */ (value);
  for (const key of path.split(".")) selected = selected?.[key];
  return selected;
}

/**
 * @param {string} taskRoot
 * @param {string} folder
 * @param {string} moduleName
 * @returns {Promise<unknown>}
 */
async function loadModule(taskRoot, folder, moduleName) {
  const file = resolve(taskRoot, folder, moduleName);
  const require = createRequire(join(taskRoot, "index.js"));
  try {
    if (existsSync(file)) return require(file);
    if (existsSync(`${file}.js`)) {
      return isModulePackage(dirname(file)) ? await importFile(`${file}.js`) : require(`${file}.js`);
    }
    if (existsSync(`${file}.mjs`)) return await importFile(`${file}.mjs`);
    if (existsSync(`${file}.cjs`)) return require(`${file}.cjs`);
    return require(require.resolve(moduleName, { paths: [taskRoot, resolve(taskRoot, folder)] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError("UserCodeSyntaxError", String(error), error);
    const { code } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
    // An ES module that is missing is ERR_MODULE_NOT_FOUND, which the managed runtime passes on as it is.
    if (code === "MODULE_NOT_FOUND") throw new RuntimeError("ImportModuleError", String(error), error);
    throw error;
  }
}

/** @param {string} file */
const importFile = (file) => import(pathToFileURL(file).href);

/**
 * Whether the nearest package.json says `"type": "module"`.
 * @param {string} folder
 * @returns {boolean}
 */
function isModulePackage(folder) {
  if (basename(folder) === "node_modules") return false;
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, "utf8"))?.type === "module";
    } catch (error) {
      console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  const parent = dirname(folder);
  return parent !== folder && isModulePackage(parent);
}
