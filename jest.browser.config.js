// `npm run test:browser`: the console, and pages of other origins, in a real browser. Not part of `npm test`, which needs nothing but npm.
/** @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  roots: ["<rootDir>/test/browser"],
  testMatch: ["**/*.browser.ts"],
  maxWorkers: 1,
  testTimeout: 180_000,
};
