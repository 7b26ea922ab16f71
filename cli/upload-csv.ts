// A CSV file of uploads: profile and file, a line each, with or without a header.

import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import type { UploadList } from "./upload-list";
import { isProfileId } from "./upload-target";

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The first column's name, by which a first line is known as the header. */
const HEADER = /^(id|user|profile|(user[- _]?)?(profile[- _]?)?id)$/i;

/** Reads what each line plans; files are looked for beside the CSV file. */
export async function listCsv(csv: string): Promise<UploadList[]> {
  let rows: Row[];
  try {
    rows = readRows(await readFile(csv));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return [{ uploads: [], mistakes: [`"${csv}" cannot be read as CSV: ${error.message}`] }];
  }
  if (HEADER.test(rows[0]?.record[0] ?? "")) rows.shift();
  if (rows.length === 0) return [{ uploads: [], mistakes: [`"${csv}" names no photo; a line is: profile,file`] }];
  return rows.map(({ record: [profileId = "", file = "", ...more], info }) => {
    const wrong = (what: string) => ({ uploads: [], mistakes: [`"${csv}", line ${info.lines}: ${what}`] });
    if (!isProfileId(profileId)) return wrong(`${JSON.stringify(profileId)} is not the number of a profile`);
    if (file === "" || more.length > 0) return wrong("it must be a profile and a file, and nothing else");
    return { uploads: [{ profileId, file: isAbsolute(file) ? file : join(dirname(csv), file) }], mistakes: [] };
  });
}

function readRows(content: Buffer): Row[] {
  const rows: unknown = parse(content, {
    bom: true,
    // Spreadsheets write semicolons where the comma is the decimal point.
    delimiter: [",", ";"],
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
  });
  return rows as Row[];
}
