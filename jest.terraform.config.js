// `npm run test:terraform`: the stack before real Terraform and its AWS provider. Not part of `npm test`, which needs
// nothing but npm.
/** @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  roots: ["<rootDir>/test/terraform"],
  testMatch: ["**/*.terraform.ts"],
  globalSetup: "<rootDir>/test/terraform/global-setup.ts",
  globalTeardown: undefined,
  maxWorkers: 2,
  testTimeout: 600_000,
};
