// The wall that makes a local run proof of a deployment: who may import from whom.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dependencies } from "../package.json";
import { COMPUTED, importsOf, ROOT, sourcesOf } from "./imports";
import { drawnArrows, inCircles, layerOf } from "./layers";

const read = new Map<string, string[]>();
function importsOnce(file: string): string[] {
  const names = read.get(file) ?? importsOf(file);
  read.set(file, names);
  return names;
}

/** Every file of the folders that names a module of that kind. */
const importers = (folders: string[], isMeant: (name: string) => boolean) =>
  folders.flatMap(sourcesOf).filter((file) => importsOnce(file).some(isMeant));

/** Modules of the project outside of these folders; packages are nobody's. */
const outside =
  (...folders: string[]) =>
  (name: string) =>
    name.startsWith("./") && !folders.some((folder) => name === `./${folder}` || name.startsWith(`./${folder}/`));

const CDKTF = (name: string) => /^(cdkt[fn]|constructs)(\/|$)|^@cdkt[fn]\//.test(name);
/** Whose imports are nobody else's concern. */
const ANYWHERE = ["test", "bench"];
const FOLDERS = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|build$|cdktf\.out)/.test(entry.name))
  .map(({ name }) => name);

describe("the wall", () => {
  it("is measured on real files and imports", () => {
    expect(importsOf("local/index.ts")).toEqual(expect.arrayContaining(["./local/account", "./local/s3"]));
    expect(sourcesOf("functions")).toContain("functions/create-thumbnail.ts");
    expect(FOLDERS).toEqual(expect.arrayContaining(["cli", "console", "functions", "local", "stack"]));
  });

  it.each([
    'import { stack } from "../../stack/x";',
    'import { stack }\n  from\n  "../../stack/x"',
    "import { stack } from '../../stack/x.ts';",
    'import "../../stack/x";',
    'import "../../stack/x.js" with { type: "json" };',
    'import type { Stack } from "../../stack/x";',
    'import { type Stack } from "../../stack/x.mts";',
    'import stack, * as all from "../../stack/x";',
    'export { stack } from "../../stack/x";',
    'export * from "../../stack/x";',
    'export * as stack from "../../stack/x";',
    'export type { Stack } from "../../stack/x";',
    'import stack = require("../../stack/x");',
    'export import stack = require("../../stack/x");',
    'declare module "../../stack/x" { interface Stack {} }',
    'const stack = await import("../../stack/x");',
    "const stack = import(\n  /* why not */\n  `../../stack/x`,\n);",
    'const stack = import("..\\u002f../stack/x");',
    'type Stack = import("../../stack/x").Stack;',
    'let stack: typeof import("../../stack/x");',
    'const stack = require("../../stack/x");',
    "const stack = require(`../../stack/x`);",
    'const stack = module.require("../../stack/x");',
    'const file = require.resolve("../../stack/x");',
    'import { createRequire } from "node:module";\nconst load = createRequire(__filename);\nload("../../stack/x");',
    'createRequire(import.meta.url)("../../stack/x");',
    'const file = import.meta.resolve("../../stack/x");',
    'const load = require;\nload("../../stack/x");',
    'new Worker(new URL("../../stack/x", import.meta.url));',
    'jest.mock("../../stack/x");',
    `import(${JSON.stringify(join(ROOT, "stack", "x.ts"))});`,
    `import(${JSON.stringify(`file://${join(ROOT, "stack", "x.ts")}`)});`,
    'import("../s3/../../stack/x");',
    "import(`../../stack/x`);",
    '/// <reference path="../../stack/x.ts" />',
    '/** @type {import("../../stack/x").Stack} */\nlet stack;',
    '/** @import { Stack } from "../../stack/x" */',
  ])("sees %j", (text) => {
    expect(importsOf("local/s3/some.ts", text).filter(outside("local"))).toEqual(["./stack/x"]);
  });

  it.each([
    "import(name)",
    "require(folder + name)",
    "import(`${folder}/x`)",
    "import(`../${name}`)",
    "require.resolve(x)",
  ])("does not take %s for no import", (text) => {
    expect(importsOf("local/s3/some.ts", text)).toContain(COMPUTED);
  });

  it.each([
    'import "cdktf"',
    'type X = import("@cdktf/provider-aws").X',
    "require(`constructs/lib`)",
    'import("cdktf")',
  ])("knows CDKTF by its packages: %s", (text) => {
    expect(importsOf("local/s3/some.ts", text).filter(CDKTF)).toHaveLength(1);
  });

  it("reads comments and texts that are not imports as such", () => {
    const text = '// import "../../stack/x";\nconst text = "from \'../../stack/x\'"; const s3 = `import "cdktf"`;';
    expect(importsOf("local/s3/some.ts", text)).toEqual([]);
  });

  it("local/ knows the synthesized JSON and the zips, and nothing else of the project", () => {
    expect(importers(["local"], outside("local"))).toEqual([]);
  });

  it("functions/ know nothing else of the project", () => {
    expect(importers(["functions"], outside("functions"))).toEqual([]);
  });

  it("stack/ knows what it deploys, and nothing that works on a deployment", () => {
    // Its root is where it finds policies and functions to bundle.
    expect(importers(["stack"], (name) => name !== "./" && outside("stack", "functions")(name))).toEqual([]);
  });

  it("only what loads a function's own code names modules that a run alone can tell", () => {
    expect(importers(["local", "functions", "stack"], (name) => name === COMPUTED)).toEqual([
      "local/lambda/runtime/loader.mjs",
    ]);
  });

  it("CDKTF stays inside main.ts and stack/", () => {
    const others = FOLDERS.filter((folder) => folder !== "stack" && folder !== "test");
    expect(importers(others, CDKTF)).toEqual([]);
    expect(importers(["stack"], CDKTF)).not.toEqual([]);
  });

  it("no service of local/ knows the edge's server or the template", () => {
    const services = readdirSync(join(ROOT, "local"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !["edge", "template"].includes(entry.name))
      .map(({ name }) => `local/${name}`);
    expect(services).toContain("local/s3");
    const server = (name: string) => /^\.\/local(\/index|\/template(\/.*)?|\/edge(\/(index|serve))?)?$/.test(name);
    expect(importers(services, server)).toEqual([]);
  });

  it("only npm start knows the console, and what of it tells of photos or follows changes", () => {
    const knowing = ["cli/follow-changes.ts", "cli/photo-lines.ts", "cli/start.ts"];
    expect(importers(["cli"], (name) => /^\.\/console(\/|$)/.test(name))).toEqual(knowing);
  });

  it("words that functions share with others stand once, where reading them loads nothing", () => {
    const spelled = /["'`]\/?(original|thumbnails)\/|["'`](x-amz-meta-)?user-profile-id["'`]/;
    const folders = ["functions", "stack", "operations", "pipeline", "chaos", "console", "cli"];
    const codeOf = (file: string) => readFileSync(join(ROOT, file), "utf8").replace(/^\s*(\/\/|\/?\*).*$/gm, "");
    const files = folders.flatMap(sourcesOf).filter((file) => spelled.test(codeOf(file)));
    // The last is for apps, which have no functions/; its own test holds its words to theirs.
    expect(files).toEqual(["functions/lib/keys.ts", "functions/lib/metadata.ts", "operations/profile-images.ts"]);
    const words = ["keys", "metadata", "version", "failure-code", "outcome", "size"].map(
      (name) => `functions/lib/${name}.ts`,
    );
    expect(words.flatMap(importsOnce).filter((name) => !name.startsWith("./functions/lib/"))).toEqual([]);
  });

  it("what an app copies needs the AWS SDK alone, and the example nothing else of the project", () => {
    expect([...new Set(importsOnce("operations/profile-images.ts"))].sort()).toEqual([
      "@aws-sdk/client-dynamodb",
      "@aws-sdk/client-s3",
      "@aws-sdk/s3-presigned-post",
      "@aws-sdk/s3-request-presigner",
      "node:crypto",
    ]);
    const isOutside = (name: string) => !name.startsWith("node:") && name !== "./operations/profile-images";
    expect(importers(["examples"], isOutside)).toEqual([]);
  });

  it("the console's page knows nothing but itself and the types of what the server sends", () => {
    const isOutside = (name: string) => !/^(\.\/console\/page\/|\.\/console\/types$|preact)/.test(name);
    expect(importers(["console/page"], isOutside)).toEqual([]);
    expect(importers(["console/page"], (name) => name === "./console/types")).not.toEqual([]);
  });
});

it("what runs takes its packages from `dependencies`, which has no others: `npm ci --omit=dev` is enough for it", () => {
  const folders = FOLDERS.filter((folder) => !ANYWHERE.includes(folder));
  const named = [...folders.flatMap(sourcesOf), "main.ts"].flatMap(importsOnce);
  const packages = named.flatMap((name) => /^(?!node:)(@[\w-]+\/)?[\w-]+/.exec(name)?.[0] ?? []);
  // Types alone, of @types/aws-lambda.
  const loaded = new Set(packages.filter((name) => name !== "aws-lambda"));
  expect([...loaded].sort()).toEqual(Object.keys(dependencies).sort());
});

describe("the drawing in docs/architecture.md", () => {
  const LAYERS = [...FOLDERS.filter((folder) => !ANYWHERE.includes(folder) && sourcesOf(folder).length > 0), "main"];
  const arrows = drawnArrows();

  it("has every import between two folders as an arrow, and no arrow besides", () => {
    const files = [...LAYERS.slice(0, -1).flatMap(sourcesOf), "main.ts"];
    const imported = files.flatMap((file) =>
      importsOnce(file)
        .filter((name) => name.startsWith("./") && [...LAYERS, ...ANYWHERE].includes(layerOf(name)))
        .filter((name) => layerOf(name) !== layerOf(file))
        .map((name) => `${layerOf(file)} --> ${layerOf(name)}`),
    );
    expect([...new Set(imported)].sort()).toEqual([...arrows].sort());
  });

  it("has no circle", () => {
    const targetsOf = (layer: string) => arrows.map((arrow) => arrow.split(" --> ")).filter(([from]) => from === layer);
    expect(inCircles(new Map(LAYERS.map((layer) => [layer, targetsOf(layer).map(([, to = ""]) => to)])))).toEqual([]);
  });
});

it.each(["chaos", "cli", "console", "functions", "local", "operations", "pipeline", "stack"])(
  "no files of %s/ import each other in a circle",
  (folder) => {
    const moduleOf = (file: string) => `./${file.replace(/(\/index)?\.[cm]?[jt]sx?$/, "")}`;
    const graph = new Map(
      sourcesOf(folder).map((file) => [moduleOf(file), importsOnce(file).map((name) => name.replace(/\/index$/, ""))]),
    );
    expect(inCircles(graph)).toEqual([]);
  },
);

it("sees a circle", () => {
  const graph = { a: ["b"], b: ["c", "d"], c: ["a"], d: ["e"], e: [], f: ["a"] };
  expect(inCircles(new Map(Object.entries(graph)))).toEqual(["a", "b", "c"]);
});
