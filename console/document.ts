// The page: its HTML with the first screen and its state, and its script and style, bundled once at the start.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { type BuildOptions, build } from "esbuild";
import type { FirstState } from "./types";

const PAGE = join(__dirname, "page");

export interface PageFiles {
  readonly script: Uint8Array;
  /** Stands in the document: the first screen waits for nothing else. */
  readonly style: string;
  readonly icon: Uint8Array;
  /** The first screen as HTML. */
  render(state: FirstState): string;
}

const COMMON = {
  outdir: PAGE,
  write: false,
  bundle: true,
  minify: true,
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  tsconfigRaw: {},
  logLevel: "silent",
} satisfies BuildOptions;

/** Bundles console/page/, for browsers and for this process; it takes some 50 ms. */
export async function bundlePage(): Promise<PageFiles> {
  const [page, server] = await Promise.all([
    build({ ...COMMON, entryPoints: { page: join(PAGE, "main.tsx") }, format: "esm" }),
    build({ ...COMMON, entryPoints: { server: join(PAGE, "server.tsx") }, format: "cjs", platform: "node" }),
  ]);
  const files = [...page.outputFiles, ...server.outputFiles];
  const contents = (name: string): Uint8Array => {
    const file = files.find(({ path }) => path.endsWith(name));
    if (file === undefined) throw new Error(`esbuild wrote no ${name}`);
    return file.contents;
  };
  const text = (name: string) => Buffer.from(contents(name)).toString();
  const icon = await readFile(join(PAGE, "icon.svg"));
  const render = evaluate(text("server.js")).renderPage;
  return { script: contents("page.js"), style: text("page.css"), icon, render };
}

/** Evaluates a bundle that needs nothing from outside. */
function evaluate(bundle: string): { readonly renderPage: PageFiles["render"] } {
  const module = { exports: {} as { renderPage: PageFiles["render"] } };
  runInThisContext(`(function (module) {${bundle}\n})`, { filename: "console/page/server.js" })(module);
  return module.exports;
}

/**
 * Nothing but the page's own files, its server, and the bucket that it uploads to; no script inline, no frame around.
 * Places are attributes of their elements: where bars and nodes stand.
 */
export const contentSecurityPolicy = (endpoint: string, { style }: PageFiles): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self'",
    `connect-src 'self' ${endpoint}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** The state stands in a block of data, which browsers never run. */
export const renderDocument = (state: FirstState, { style, render }: PageFiles): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>profile-image console</title>
<link rel="icon" href="/icon.svg">
<style>${style}</style>
<script type="module" src="/page.js"></script>
</head>
<body>
<div id="app">${render(state)}</div>
<script id="state" type="application/json">${escapeForScript(JSON.stringify(state))}</script>
</body>
</html>
`;

/** A name that holds "</script>" must not end the block. */
const escapeForScript = (json: string): string => json.replaceAll("<", "\\u003c");
