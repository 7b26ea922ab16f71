import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataDirectory } from "../../../local/data/directory";

const folder = mkdtempSync(join(tmpdir(), "data test "));
afterAll(() => rmSync(folder, { recursive: true }));

let path = "";
beforeEach(() => {
  path = join(mkdtempSync(join(folder, "d")), "data");
});
const open = () => openDataDirectory(path, "eu-west-1");

test("makes the folder, for its owner's eyes only, and keeps it out of Git", () => {
  open().close();
  expect(readFileSync(join(path, ".gitignore"), "utf8")).toBe("*\n");
  open().close();
});

test.each<[string, () => void, string]>([
  ["a file", () => writeFileSync(path, ""), "is a file, and objects and items are kept in a folder"],
  [
    "a folder with other files",
    () => {
      mkdirSync(path);
      writeFileSync(join(path, "me.jpg"), "");
    },
    "holds other files, and objects and items are kept in a folder of their own",
  ],
  [
    "a folder in a folder that is not there",
    () => {
      path = join(path, "deeper");
    },
    "cannot keep objects and items: the folder that it is to be in does not exist",
  ],
])("refuses %s", (_name, prepare, message) => {
  prepare();
  expect(() => open()).toThrow(`${path} ${message}`);
  expect(existsSync(join(path, "lock"))).toBe(false);
});

test("refuses a folder that a running process has, and takes over that of one that was killed", () => {
  open().close();
  // The process that runs this test runs, whoever it is.
  writeFileSync(join(path, "lock"), String(process.ppid));
  expect(() => open()).toThrow(`${path} is in use by process ${process.ppid}`);
  // Beyond what Linux and macOS count to.
  writeFileSync(join(path, "lock"), String(2 ** 30));
  const taken = open();
  expect(readFileSync(join(path, "lock"), "utf8")).toBe(String(process.pid));
  taken.close();
  expect(existsSync(join(path, "lock"))).toBe(false);
});

test("gives the folder free again when its journal cannot be read", () => {
  open().close();
  writeFileSync(join(path, "journal.jsonl"), "?\n");
  expect(() => open()).toThrow("is damaged in line 1");
  expect(existsSync(join(path, "lock"))).toBe(false);
});
