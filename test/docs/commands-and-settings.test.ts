// What the pages say of commands, options and settings is what the command line and the stack take, and all of it is said.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { KEYS } from "../../console/page/keys";
import { scripts } from "../../package.json";
import { DEFAULTS } from "../../stack/settings";
import { checkValues } from "../../stack/settings/check";
import { RULES } from "../../stack/settings/rules";
import { variablesOf } from "../../stack/settings/variables";
import { ROOT } from "../imports";
import { PAGES, pageAt } from "./markdown";
import { COMMANDS, checkUsage, linesOf, usageOf } from "./usage";

/** Fails with all that is wrong, not with the first alone. */
function expectNone<T>(all: readonly T[], least: number, check: (each: T) => void): void {
  expect(all.length).toBeGreaterThanOrEqual(least);
  const complaints = all.flatMap((each) => {
    try {
      check(each);
      return [];
    } catch (error) {
      return [`${JSON.stringify(each)}: ${(error as Error).message}`];
    }
  });
  expect(complaints).toEqual([]);
}

const spansThat = (isOne: RegExp) =>
  PAGES.flatMap(({ path, spans }) => spans.filter((span) => isOne.test(span)).map((span) => ({ path, span })));

describe("commands", () => {
  const check = (text: string) => {
    const usage = usageOf(text);
    if (usage !== undefined) checkUsage(usage);
  };

  it("in sentences and tables are ones that there are, with options that they have", () => {
    expectNone(spansThat(/^(npm|npx) /), 40, ({ span }) => check(span));
  });

  it("in blocks are as well", () => {
    const lines = PAGES.flatMap(({ blocks }) =>
      blocks.filter(({ lang }) => lang === "sh").flatMap(({ text }) => linesOf(text)),
    );
    expectNone(lines, 30, check);
  });

  const known = new Set([
    "--help",
    ...[...COMMANDS.values()].flatMap(({ options }) => options.map(({ long }) => long)),
  ]);

  it("have the options that are named alone", () => {
    expectNone(spansThat(/^--[a-z]/), 10, ({ span }) => {
      for (const [option] of span.matchAll(/--[a-z-]+/g)) {
        if (!known.has(option)) throw new Error(`no command has ${option}`);
      }
    });
  });

  const { text } = pageAt("docs/commands.md");

  it.each([...COMMANDS])("npm run %s is described with all its options", (name, { options }) => {
    const command = name === "start" ? "npm start" : `npm run ${name}`;
    const rows = text
      .split("\n")
      .filter((line) => line.startsWith("| `npm ") && new RegExp(`${command}(?![\\w:-])`).test(line));
    expect(rows).not.toEqual([]);
    const everywhere = text.slice(text.indexOf("## AWS, or this machine"));
    expect(options.filter(({ long }) => !`${rows}${everywhere}`.includes(long ?? "")).map(({ long }) => long)).toEqual(
      [],
    );
  });

  it.each(Object.keys(scripts))("script %s is described", (name) => {
    expect(text).toMatch(new RegExp(`\`npm (run )?${name}(?![\\w:-])`));
  });
});

it("the keys of the console are described", () => {
  const rows = pageAt("docs/console.md").text.matchAll(/^\| (`.*`) \| /gm);
  const keys = [...rows].flatMap(([, cell = ""]) => [...cell.matchAll(/`(.)`/g)].map(([, key]) => key));
  expect(keys).toEqual(KEYS.map(([key]) => key));
});

describe("blocks of commands", () => {
  const blocks = PAGES.flatMap(({ path, blocks }) =>
    blocks.filter(({ lang }) => lang === "sh").map((block) => ({ path, ...block })),
  );
  const isOurs = (line: string) => usageOf(line) !== undefined && !/npm run (plan|deploy|destroy|demo)\b/.test(line);

  it.each(blocks)("$path says why this is not run, or it is: $text", ({ text, note }) => {
    const areOurs = linesOf(text).every(isOurs);
    // test/cli/everyday/documented.ts runs what has no note.
    if (areOurs) return expect(note).toBeUndefined();
    expect(note).toMatch(/^(not run here: |run by )/);
    const [, path] = /^run by (\S+)$/.exec(note ?? "") ?? [];
    if (path !== undefined) expect(existsSync(join(ROOT, path))).toBe(true);
  });
});

describe("settings", () => {
  const rows = pageAt("docs/settings.md").text.matchAll(/^\| `(\w+)` \| (.*?) \| (.*) \|$/gm);
  const table = [...rows].map(([, name = "", standard = "", what = ""]) => ({ name, standard, what }));

  it("are described one and all", () => {
    expect(table.map(({ name }) => name).sort()).toEqual(Object.keys(RULES).sort());
  });

  it.each(table)("$name has the default $standard", ({ name, standard }) => {
    const { [name]: value } = DEFAULTS as unknown as Record<string, unknown>;
    if (value === undefined) return expect(standard).toMatch(/^none(: kept)?$|^`user-profile-images-<account id>`$/);
    const [, text = ""] = /^`(.*)`$/.exec(standard) ?? [];
    expect(text === value ? value : JSON.parse(text)).toEqual(value);
  });

  it("take the examples that are given", () => {
    const examples = table.flatMap(({ name, standard, what }) =>
      [...`${standard} ${what}`.matchAll(/`([[{].*?)`/g)].map(([, json = ""]) => ({ name, json })),
    );
    expectNone(examples, 6, ({ name, json }) => checkValues("docs/settings.md", { [name]: JSON.parse(json) }));
  });

  it("take what is written as JSON elsewhere", () => {
    const blocks = PAGES.flatMap(({ blocks }) => blocks.filter(({ lang }) => lang === "json").map(({ text }) => text));
    const texts = [...blocks, ...spansThat(/^\{.*\}$/s).map(({ span }) => span)];
    const isSetting = (value: Record<string, unknown>) =>
      // test/docs/events.test.ts looks at events.
      !Object.hasOwn(value, "detail-type") && Object.keys(value).some((name) => Object.hasOwn(RULES, name));
    const settings = texts.map((text) => JSON.parse(text) as Record<string, unknown>).filter(isSetting);
    expectNone(settings, 15, (values) => checkValues("docs", values));
  });

  it("have the environment variables that are named, and take their values", () => {
    expectNone(spansThat(/^PROFILE_IMAGE_\w*[A-Z](=|$)/), 5, ({ span }) => {
      const [, name = "", value = ""] = /^(\w+)=?(.*)$/s.exec(span) ?? [];
      for (const source of variablesOf({ [name]: value })) checkValues(source.name, source.values);
    });
  });
});
