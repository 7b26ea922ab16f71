// Jest's runtime, but packages are loaded once a worker, by Node itself, not again for each test file: the AWS SDK, CDKTF
// and sharp took longer to load than most files' tests to run. The project's own modules stay each test file's.
const { createRequire, isBuiltin } = require("node:module");
const { default: Runtime } = require("jest-runtime");

/** Such as `sharp`, `@aws-sdk/client-s3`; no path, and nothing of Jest's, which belongs to the test file. */
const isPackage = (/** @type {string} */ name) => /^(?!@jest\/)[@\w]/.test(name) && !isBuiltin(name);

/** @type {Map<string, NodeJS.Require>} */
const requires = new Map();

module.exports = class extends Runtime {
  /**
   * @template T
   * @param {string} from
   * @param {string} name
   * @returns {T}
   * @override
   */
  requireModuleOrMock(from, name) {
    if (!isPackage(name)) return super.requireModuleOrMock(from, name);
    let require = requires.get(from);
    if (require === undefined) {
      require = createRequire(from);
      requires.set(from, require);
    }
    return require(name);
  }
};
