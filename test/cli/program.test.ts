// What the command line loads before a command runs: that is how long --help and the start of a synthesis wait.

import { execFileSync } from "node:child_process";
import { relative } from "node:path";
import { PROJECT_ROOT } from "./command";

const LOADED = `
  require("./cli/program").createProgram("start");
  console.log(JSON.stringify(Object.keys(require.cache)));
`;

test("npm start loads neither the embedded AWS nor AWS's clients before it runs", () => {
  const output = execFileSync(process.execPath, ["-r", "./cli/typescript.js", "-e", LOADED], { cwd: PROJECT_ROOT });
  const files: string[] = JSON.parse(output.toString());
  const loaded = files.map((file) => relative(PROJECT_ROOT, file).replaceAll("\\", "/"));
  expect(loaded).toContain("cli/start.ts");
  expect(loaded.filter((file) => /^(local|node_modules\/(@aws-sdk|sharp))\//.test(file))).toEqual([]);
});
