// The page: its HTML with the state of the first screen in it, and its script and style, bundled once at the start.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { FirstState } from "./types";

const PAGE = join(__dirname, "page");

export interface PageFiles {
  readonly script: Uint8Array;
  readonly style: Uint8Array;
  readonly icon: Uint8Array;
}

/** Bundles console/page/; it takes some 50 ms. */
export async function bundlePage(): Promise<PageFiles> {
  const { outputFiles } = await build({
    entryPoints: { page: join(PAGE, "main.tsx") },
    outdir: PAGE,
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    tsconfigRaw: {},
    logLevel: "silent",
  });
  const contents = (extension: string): Uint8Array => {
    const file = outputFiles.find(({ path }) => path.endsWith(extension));
    if (file === undefined) throw new Error(`esbuild wrote no page${extension}`);
    return file.contents;
  };
  return { script: contents(".js"), style: contents(".css"), icon: await readFile(join(PAGE, "icon.svg")) };
}

/** Nothing but the page's own files, its server, and the bucket that it uploads to; no script inline, no frame around. */
export const contentSecurityPolicy = (endpoint: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${endpoint}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** The state stands in a block of data, which browsers never run. */
export const renderDocument = (state: FirstState): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>profile-image console</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body>
<div id="app"></div>
<script id="state" type="application/json">${escapeForScript(JSON.stringify(state))}</script>
</body>
</html>
`;

/** A name that holds "</script>" must not end the block. */
const escapeForScript = (json: string): string => json.replaceAll("<", "\\u003c");
