// The tables of docs/security.md: what of the scanners' findings is accepted, of which resources, when, and why.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDevelopment } from "../../stack/stage";
import type { Context } from "./stacks";

export interface Accepted {
  readonly finding: string;
  readonly rules: readonly string[];
  /** Terraform's addresses; a name may be `*`. */
  readonly addresses: readonly string[];
  /** A key of WHEN. */
  readonly when: string;
}

const WHEN: Readonly<Record<string, (context: Context) => boolean>> = {
  always: () => true,
  "no `events`": ({ events }) => events !== true,
  "stage `dev`": ({ stage }) => isDevelopment(stage as string | undefined),
  "`publicBucket`": ({ publicBucket }) => publicBucket === true,
  "`delivery`": ({ delivery }) => delivery === "cloudfront",
  "no `tracing`": ({ tracing }) => tracing !== true,
  "`logRetentionDays` < 365": ({ logRetentionDays = 30 }) => Number(logRetentionDays) < 365,
};

/** @param heading of the section that the table is in */
export function acceptedUnder(heading: string): Accepted[] {
  const text = readFileSync(join(__dirname, "..", "..", "docs", "security.md"), "utf8");
  const section = text.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
  // Behind the table's own heading and the line below it.
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((line) => {
    const [, finding = "", rules = "", addresses = "", when = ""] = line.split("|").map((cell) => cell.trim());
    if (WHEN[when] === undefined) throw new Error(`docs/security.md: "${when}" is not known; of: ${Object.keys(WHEN)}`);
    return { finding, rules: rules.split(", "), addresses: addresses.split(", ").map(withoutTicks), when };
  });
}

const withoutTicks = (text: string): string => text.replaceAll("`", "");

export const isMeant = ({ when }: Accepted, context: Context): boolean => WHEN[when]?.(context) === true;

/** Whether a row accepts a finding. */
export const accepts = ({ rules, addresses }: Accepted, { rule, address }: { rule: string; address: string }) =>
  rules.includes(rule) && addresses.some((each) => each === address || each === address.replace(/\.[^.]*$/, ".*"));
