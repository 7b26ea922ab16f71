// The wall that makes a local run proof of a deployment: who may import from whom.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

const ROOT = join(__dirname, "..");
const CDKTF = /^(cdktf|constructs|@cdktf\/)/;

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(tsx?|mjs|js)$/.test(name))
    .map((name) => join(folder, name));

/** Every module that a file imports, relative ones as paths from the project's root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const names = [...text.matchAll(/(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g)].map(([, name = ""]) => name);
  return names.map((name) =>
    name.startsWith(".")
      ? relative(ROOT, resolve(ROOT, file, "..", name))
          .split(sep)
          .join("/")
      : name,
  );
}

const importers = (folders: string[], forbidden: (name: string) => boolean) =>
  folders.flatMap(sources).filter((file) => importsOf(file).some(forbidden));

describe("the wall", () => {
  it("is measured on real files and imports", () => {
    expect(importsOf("local/index.ts")).toEqual(expect.arrayContaining(["local/account", "local/s3"]));
    expect(sources("functions")).toContain(join("functions", "create-thumbnail.ts"));
  });

  it("local/ knows the synthesized JSON and the zips, never stack/, functions/, cli/ or console/", () => {
    expect(importers(["local"], (name) => /^(stack|functions|cli|console|main)\b/.test(name))).toEqual([]);
  });

  it("functions/ and stack/ know nothing of local/, cli/ or console/", () => {
    expect(importers(["functions", "stack"], (name) => /^(local|cli|console)\b/.test(name))).toEqual([]);
  });

  it("functions/ know nothing of stack/", () => {
    expect(importers(["functions"], (name) => /^stack\b/.test(name))).toEqual([]);
  });

  it("CDKTF stays inside main.ts and stack/", () => {
    expect(importers(["functions", "local", "cli", "console", "samples", "bench"], (name) => CDKTF.test(name))).toEqual(
      [],
    );
    expect(importers(["stack"], (name) => CDKTF.test(name))).not.toEqual([]);
  });

  it("no service of local/ knows the edge's server or the template", () => {
    const services = ["s3", "dynamodb", "lambda", "logs", "tinify", "iam"].map((name) => `local/${name}`);
    expect(importers(services, (name) => /^local\/(index|template|edge\/(index|server))/.test(name))).toEqual([]);
  });

  it("only npm start knows the console", () => {
    expect(importers(["cli"], (name) => /^console\b/.test(name))).toEqual([join("cli", "start.ts")]);
  });

  it("the console's page knows nothing but itself and the types of what the server sends", () => {
    const outside = (name: string) => !/^(console\/page\/|console\/types$|preact)/.test(name);
    expect(importers([join("console", "page")], outside)).toEqual([]);
    expect(importers([join("console", "page")], (name) => name === "console/types")).not.toEqual([]);
  });
});
