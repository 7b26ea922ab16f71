// A CSV file of uploads: profile and file, a line each, with or without a header.

import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import type { ProfileIds } from "../functions/lib/profile-id";
import { type Mistake, mistakeOf } from "../operations/mistake";
import { NOTHING, type UploadList } from "../operations/upload-check";

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The first column's name, by which a first line is known as the header. */
const HEADER = /^(id|user|profile|(user[- _]?)?(profile[- _]?)?id)$/i;
/** Spreadsheets write semicolons where the comma is the decimal point. */
const DELIMITERS = [",", ";"];
/** What Excel reads, and some write, to say which: a line of its own, which is not a row. Others keep it as a row of text. */
const SEPARATOR = /^\uFEFF?("?)sep=(.)\1([,;\t]*)[^\S\r\n]*(\r\n|\r|\n|$)/i;

/** Reads what each line plans; files are looked for beside the CSV file. */
export async function listCsv(csv: string, ids: ProfileIds): Promise<UploadList[]> {
  const wrong = (why: string) => [{ ...NOTHING, mistakes: [mistakeOf({ noun: "file", path: csv }, why)] }];
  let rows: Row[];
  try {
    rows = readRows(await readFile(csv));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return wrong(`cannot be read as CSV: ${error.message}`);
  }
  if (HEADER.test(rows[0]?.record[0] ?? "")) rows.shift();
  if (rows.length === 0) return wrong("names no photo; a line is: profile,file");
  return rows.map(({ record: [profileId = "", file = "", ...more], info: { lines } }) => {
    const isProfile = ids.isId(profileId);
    const wrongProfiles = isProfile ? [] : [wrongProfile(csv, lines, profileId, ids)];
    // Which of the cells is the file, nobody knows.
    if (file === "" || more.length > 0) {
      return {
        ...NOTHING,
        named: isProfile ? [profileId] : [],
        mistakes: [...wrongProfiles, wrongColumns(csv, lines)],
      };
    }
    const path = isAbsolute(file) ? file : join(dirname(csv), file);
    if (isProfile) return { ...NOTHING, uploads: [{ profileId, file: path }] };
    return { ...NOTHING, unassigned: [path], mistakes: wrongProfiles };
  });
}

const wrongColumns = (csv: string, line: number): Mistake => ({
  kind: `columns ${csv}`,
  item: `line ${line}`,
  sentence: `"${csv}", line ${line}: it must be a profile and a file, and nothing else`,
  about: (count) => `each of ${count} lines of "${csv}" must be a profile and a file, and nothing else`,
});

const wrongProfile = (csv: string, line: number, given: string, { type }: ProfileIds): Mistake => ({
  kind: `profile ${csv}`,
  item: `line ${line}: ${JSON.stringify(given)}`,
  sentence: `"${csv}", line ${line}: ${JSON.stringify(given)} is not the ${type} of a profile`,
  about: (count) => `each of ${count} lines of "${csv}" begins with what is not the ${type} of a profile`,
});

/** The rows that say something, without the empty cells at their ends that spreadsheets fill them up with. */
function readRows(content: Buffer): Row[] {
  const [line, quote, separator = "", cells] = SEPARATOR.exec(content.toString("utf8", 0, 64)) ?? [];
  // As a row it comes from another program than the one that says so, and may be untrue.
  const isSaid = line !== undefined && quote === "" && cells === "";
  const rows = parse(line === undefined ? content : content.subarray(Buffer.byteLength(line)), {
    bom: true,
    delimiter: isSaid ? separator : DELIMITERS,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
  }) as unknown as Row[];
  const offset = line === undefined ? 0 : 1;
  return rows
    .map(({ record, info }) => ({ record: withoutEmptyEnd(record), info: { lines: info.lines + offset } }))
    .filter(({ record }) => record.length > 0);
}

const withoutEmptyEnd = (cells: readonly string[]): readonly string[] =>
  cells.slice(0, cells.findLastIndex((cell) => cell !== "") + 1);
