// Tests run straight from TypeScript: esbuild strips the types, `npm run check` checks them.
/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  globalSetup: "<rootDir>/test/global-setup.ts",
  testMatch: ["**/*.test.ts"],
  transform: { "\\.m?[jt]s$": "<rootDir>/test/esbuild-transform.js" },
  transformIgnorePatterns: ["/node_modules/", "\\.js$"],
  testTimeout: 20_000,
};
