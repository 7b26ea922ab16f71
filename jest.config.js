// Tests run straight from TypeScript: esbuild strips the types, `npm run check` checks them.

const { availableParallelism } = require("node:os");

// On Node 20 the AWS SDK warns on stderr that it will require Node 22 one day.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/environment.js",
  roots: ["<rootDir>/test"],
  runtime: "<rootDir>/test/runtime.js",
  globalSetup: "<rootDir>/test/global-setup.ts",
  globalTeardown: "<rootDir>/test/global-teardown.ts",
  testMatch: ["**/*.test.ts"],
  transform: { "\\.m?[jt]s$": "<rootDir>/test/esbuild-transform.js" },
  transformIgnorePatterns: ["/node_modules/", "\\.js$"],
  testSequencer: "<rootDir>/test/sequencer.js",
  // A worker waits for processes that its tests start two thirds of its time: alone, three workers kept two cores busy for
  // half of a run. Each takes half a gigabyte of memory.
  maxWorkers: Math.min(2 * availableParallelism(), 12),
  testTimeout: 20_000,
};
