// Jest's sequencer begins with the files that took longest, and where it has no times yet, as in a fresh clone, with the
// largest. Then what starts processes begins first, however small: a long file that begins last is waited for alone.
const { default: Sequencer } = require("@jest/test-sequencer");

const STARTS_PROCESSES = /\/test\/(cli|console|end-to-end|operations|workflows)\/|\/account-[a-z]+\.test\.ts$/;

/** @typedef {import("@jest/test-result").Test} Test */

module.exports = class extends Sequencer {
  /**
   * @param {Test[]} tests
   * @returns {Promise<Test[]>}
   * @override
   */
  async sort(tests) {
    const sorted = await super.sort(tests);
    const isFirst = (/** @type {Test} */ { path, duration }) => duration === undefined && STARTS_PROCESSES.test(path);
    return [...sorted.filter(isFirst), ...sorted.filter((test) => !isFirst(test))];
  }
};
