// Jest's environment for Node, in which the Dates and Errors of packages, which are loaded outside of it (runtime.js),
// and of Node itself are what the tests and the code under test take for Dates and Errors.
const { AsyncLocalStorage } = require("node:async_hooks");
const { types } = require("node:util");
const { TestEnvironment } = require("jest-environment-node");

const ERRORS = /** @type {const} */ (["Error", "RangeError", "ReferenceError", "SyntaxError", "TypeError"]);

// And the other way round: esbuild, which is loaded outside too, asks whether a plugin's filter is a RegExp.
Object.defineProperty(RegExp, Symbol.hasInstance, { value: types.isRegExp });

/**
 * Storages that the present test file uses. Jest makes one for each file and never disables it, so that every promise of a
 * later file would carry an entry for each file before.
 * @type {Set<AsyncLocalStorage<unknown>>}
 */
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (/** @type {Parameters<typeof run>} */ ...parameters) {
  storages.add(this);
  return run.apply(this, parameters);
};

module.exports = class extends TestEnvironment {
  /** @param {ConstructorParameters<typeof TestEnvironment>} parameters */
  constructor(...parameters) {
    super(...parameters);
    this.global.Date = Date;
    for (const name of ERRORS) {
      const inside = this.global[name];
      const outside = globalThis[name];
      const ordinary = Function.prototype[Symbol.hasInstance];
      Object.defineProperty(inside, Symbol.hasInstance, {
        value(/** @type {unknown} */ value) {
          return ordinary.call(this, value) || (this === inside && value instanceof outside);
        },
      });
    }
  }

  /** @override */
  async teardown() {
    for (const storage of storages) storage.disable();
    storages.clear();
    await super.teardown();
  }
};
