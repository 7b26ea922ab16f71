// Tests run straight from TypeScript: esbuild strips the types, `npm run check` checks them.
// On Node 20 the AWS SDK announces on stderr that it will want Node 22 one day.
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
  // Half of the time is spent in processes that the tests start: a worker for each core, not one less.
  maxWorkers: "100%",
  testTimeout: 20_000,
};
