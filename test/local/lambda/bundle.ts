// A handler with npm packages in it, as one file.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Bundles code that may import whatever the tests may; the text of an index.js. */
export function bundle(contents: string): string {
  const directory = mkdtempSync(join(tmpdir(), "bundle-"));
  const outfile = join(directory, "index.js");
  buildSync({ stdin: { contents, resolveDir: __dirname }, bundle: true, platform: "node", format: "cjs", outfile });
  const text = readFileSync(outfile, "utf8");
  rmSync(directory, { recursive: true });
  return text;
}
