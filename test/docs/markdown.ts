// The pages that people read, as what a test can check of them.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import GithubSlugger from "github-slugger";
import { lexer, type Token, walkTokens } from "marked";
import { ROOT } from "../imports";

/** A fenced block of code. */
export interface Block {
  readonly lang: string;
  readonly text: string;
  /** The HTML comment in front of it, which no reader sees. */
  readonly note?: string;
}

export interface Page {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
  /** What a link to this page may name behind a `#`. */
  readonly anchors: ReadonlySet<string>;
  readonly headings: readonly string[];
  /** Targets of links and pictures as they are written. */
  readonly links: readonly string[];
  readonly blocks: readonly Block[];
  /** Code within sentences and tables. */
  readonly spans: readonly string[];
}

function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), "utf8");
  const headings: string[] = [];
  const links: string[] = [];
  const blocks: Block[] = [];
  const spans: string[] = [];
  let note: string | undefined;
  walkTokens(lexer(text), (token) => {
    if (token.type === "heading") headings.push(plain(token));
    if (token.type === "link" || token.type === "image") links.push(token.href);
    if (token.type === "html") links.push(...[...token.raw.matchAll(/ (?:src|srcset|href)="([^"]+)"/g)].map(second));
    if (token.type === "codespan") spans.push(token.text);
    if (token.type === "code") blocks.push({ lang: token.lang ?? "", text: token.text, note });
    if (token.type === "html") note = /^<!-- (.*?) -->\s*$/s.exec(token.raw)?.[1];
    else if (token.type !== "space") note = undefined;
  });
  const slugger = new GithubSlugger();
  return { path, text, anchors: new Set(headings.map((each) => slugger.slug(each))), headings, links, blocks, spans };
}

const second = ([, group = ""]: RegExpMatchArray): string => group;

/** What is left of a heading without its marks. */
const plain = (token: Token): string =>
  "tokens" in token && token.tokens !== undefined
    ? token.tokens.map(plain).join("")
    : "text" in token
      ? token.text
      : "";

const PATHS = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  "local/README.md",
  "test/README.md",
];

export const PAGES: readonly Page[] = PATHS.map(readPage);

export function pageAt(path: string): Page {
  const page = PAGES.find((each) => each.path === path);
  if (page === undefined) throw new Error(`There is no page ${path}`);
  return page;
}
