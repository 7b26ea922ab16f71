// The pages hold together: links lead somewhere, examples are well-formed, and what they name exists.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { parse } from "@babel/parser";
import * as local from "../../local";
import { ROOT } from "../imports";
import { synthesizedStack } from "../pipeline";
import { PAGES, pageAt } from "./markdown";

const isOutside = (link: string) => /^[a-z]+:/.test(link);

/** What is wrong with a link of a page; nothing about the web, which the tests cannot see. */
function complaintOf(from: string, link: string): string | undefined {
  if (isOutside(link)) return undefined;
  const [path = "", anchor] = decodeURI(link).split("#");
  const target = path === "" ? from : posix.join(posix.dirname(from), path);
  if (!existsSync(join(ROOT, target))) return `${from}: ${link} leads nowhere`;
  if (anchor === undefined) return undefined;
  return pageAt(target).anchors.has(anchor) ? undefined : `${from}: ${target} has no heading for #${anchor}`;
}

it("links lead to a file, and to a heading of it", () => {
  const complaints = PAGES.flatMap(({ path, links }) => links.map((link) => complaintOf(path, link)));
  expect(complaints.filter((each) => each !== undefined)).toEqual([]);
  expect(PAGES.flatMap(({ links }) => links.filter((link) => !isOutside(link))).length).toBeGreaterThan(200);
});

it("from README one gets to every page", () => {
  const reached = new Set<string>();
  const waiting = ["README.md"];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const targets = pageAt(path).links.filter((link) => !isOutside(link) && /\.md(#|$)/.test(link));
    waiting.push(...targets.map((link) => posix.join(posix.dirname(path as string), link.replace(/#.*/, ""))));
  }
  expect(PAGES.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

it("README is a page and not a book: 130 lines at most", () => {
  expect(pageAt("README.md").text.split("\n").length - 1).toBeLessThanOrEqual(130);
});

const CHECKS: Readonly<Record<string, (text: string) => unknown>> = {
  json: JSON.parse,
  js: (text) => parse(text, { sourceType: "module" }),
  ts: (text) => parse(text, { sourceType: "module", plugins: ["typescript"] }),
  sh: (text) => execFileSync("bash", ["-n"], { input: text, stdio: ["pipe", "pipe", "pipe"] }),
  // test/terraform/events.terraform.ts has Terraform read it.
  hcl: (text) => expect(text).toMatch(/^resource /),
  // Drawings that test/wall.test.ts reads, and output.
  mermaid: (text) => expect(text).toMatch(/^(flowchart|sequenceDiagram)/),
  text: () => undefined,
};

it.each(PAGES.flatMap(({ path, blocks }) => blocks.map((block, index) => ({ path, index, ...block }))))(
  "$path, block $index of code ($lang) is well-formed",
  ({ lang, text }) => {
    expect(Object.keys(CHECKS)).toContain(lang);
    expect(() => CHECKS[lang]?.(text)).not.toThrow();
  },
);

it("the code of local/README.md starts the embedded AWS, and ends it", async () => {
  const { text = "" } = pageAt("local/README.md").blocks.find(({ lang }) => lang === "ts") ?? {};
  const code = text
    .replace(/^import (.*) from "\.\/local";$/m, "const $1 = local;")
    .replace('"cdktf.out/stacks/profile-image"', JSON.stringify(synthesizedStack()));
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const outputs = await new AsyncFunction("local", `${code}\nreturn aws.outputs;`)(local);
  expect(Object.keys(outputs)).not.toEqual([]);
});

const GENERATED = ["node_modules", "cdktf.out", "build", "demo-output", "coverage"];
const FOLDERS = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !GENERATED.includes(entry.name))
  .map(({ name }) => name);

it("files and folders that are named exist", () => {
  const named = PAGES.flatMap(({ path, spans }) =>
    spans
      .filter(
        (span) =>
          /^(\.\.\/)*[\w.-]+\/[\w./-]*$/.test(span) &&
          FOLDERS.includes(span.replace(/^(\.\.\/)+/, "").split("/")[0] ?? ""),
      )
      .map((span) => ({ page: path, span })),
  );
  expect(named.length).toBeGreaterThan(20);
  const at = (page: string, span: string) => join(ROOT, span.startsWith("..") ? dirname(page) : "", span);
  expect(named.filter(({ page, span }) => !existsSync(at(page, span)))).toEqual([]);
});

const SOURCES = [
  ".github",
  "bench",
  "chaos",
  "cli",
  "console",
  "costs",
  "functions",
  "local",
  "operations",
  "pipeline",
  "stack",
  "stack-gate",
  "test",
]
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.([cm]?[jt]sx?|ya?ml|py|json)$/.test(name))
      .map((name) => join(folder, name)),
  )
  .concat("main.ts", ".ci/run", ".terraform.lock.hcl");

it("messages and comments point to pages and headings that exist", () => {
  const pointers = SOURCES.flatMap((file) =>
    [
      ...readFileSync(join(ROOT, file), "utf8").matchAll(
        /\b((?:docs|local|test)\/[\w-]+\.md)\b(?:(?: says how, under|,) \\?"([^"\\]+)\\?")?/g,
      ),
    ].map(([, page = "", heading]) => ({ file, page, heading })),
  );
  expect(pointers.length).toBeGreaterThan(10);
  const known = (page: string, heading?: string) =>
    PAGES.some(({ path, headings }) => path === page && (heading === undefined || headings.includes(heading)));
  expect(pointers.filter(({ page, heading }) => !known(page, heading))).toEqual([]);
});

it("the messages of README's troubleshooting are ones that there are", () => {
  const [, section = ""] = pageAt("README.md").text.split("## Troubleshooting");
  const [table = ""] = section.split("\n## ");
  const shown = [...table.matchAll(/^\| (.*?) \| /gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(.*?)`/g)].map(([, each = ""]) => each),
  );
  expect(shown.length).toBeGreaterThanOrEqual(5);
  const code = SOURCES.filter((file) => !file.startsWith("test")).map((file) => readFileSync(join(ROOT, file), "utf8"));
  // What a message fills in stands for anything.
  const parts = shown.flatMap((message) => message.split(/4566|127\.0\.0\.1|--local/).map((part) => part.trim()));
  expect(parts.filter((part) => !code.some((text) => text.includes(part)))).toEqual([]);
});

it.each([
  ["local/README.md", 150],
  ["docs/compatibility.md", 20],
])("each proof in %s is the name of a test in that file", (page, least) => {
  const proofs = [...pageAt(page).text.matchAll(/\]\((\.\.\/test\/[^)]+)\)((?:,? "(?:[^"\\]|\\.)*")+)/g)].flatMap(
    ([, file = "", names = ""]) => [...names.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name = ""]) => ({ file, name })),
  );
  expect(proofs.length).toBeGreaterThan(least);
  const source = (file: string) => readFileSync(join(ROOT, dirname(page), file), "utf8").replaceAll(/\\(["'`])/g, "$1");
  expect(proofs.filter(({ file, name }) => !source(file).includes(name.replaceAll(/\\(["'`|])/g, "$1")))).toEqual([]);
});
