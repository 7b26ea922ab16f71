// The flags of V8: every command's and function's stderr would begin with a complaint of one that this Node lacks.

import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";

const FLAGS = join(__dirname, "..", "..", "local", "v8-flags.js");

/** Prints the names of the flags that are set where V8 has the version that is given. */
const RECORDER = `
const v8 = require("node:v8");
const set = new Set();
v8.setFlagsFromString = (flag) => set.add(flag.split("=")[0]);
Object.defineProperty(process, "versions", { value: { ...process.versions, v8: process.argv[1] } });
require(${JSON.stringify(FLAGS)});
console.log(JSON.stringify([...set]));
`;

const flagsOf = (version: string): string[] =>
  JSON.parse(execFileSync(process.execPath, ["-e", RECORDER, version], { encoding: "utf8" }));

test("are known to the V8 that runs", () => {
  const { status, stderr } = spawnSync(process.execPath, ["-r", FLAGS, "-e", ""], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test.each([
  ["Node 20", "11.3.244.8-node.30", ["--interrupt-budget", "--heap-growing-percent"]],
  ["Node 21", "11.8.172.17-node.20", ["--heap-growing-percent"]],
  ["Node 22", "12.4.254.21-node.57", ["--heap-growing-percent"]],
  ["Node 24", "13.6.233.17-node.53", ["--heap-growing-percent"]],
])("are those that the V8 of %s knows", (_node, version, flags) => {
  expect(flagsOf(version)).toEqual(flags);
});
