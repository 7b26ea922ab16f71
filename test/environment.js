// Jest's environment for Node, in which the Dates and Errors of packages, which are loaded outside of it (runtime.js),
// and of Node itself are what the tests and the code under test take for Dates and Errors.
const { TestEnvironment } = require("jest-environment-node");

const ERRORS = /** @type {const} */ (["Error", "RangeError", "ReferenceError", "SyntaxError", "TypeError"]);

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
};
