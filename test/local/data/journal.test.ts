import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Journal, openJournal } from "../../../local/data/journal";

const folder = mkdtempSync(join(tmpdir(), "journal test "));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER = { format: 1, region: "eu-west-1" };
let file = "";
beforeEach(() => {
  file = join(mkdtempSync(join(folder, "j")), "journal.jsonl");
});

const open = (header = HEADER) => openJournal(file, header);
const reopened = (journal: Journal) => {
  journal.close();
  return open();
};

test("what was written is there when it is opened again, the last value of each name, and nothing that was removed", () => {
  const journal = open();
  expect(journal.isNew).toBe(true);
  journal.write([["item", "t", "1", { a: "ü\n" }]]);
  journal.write([
    ["item", "t", "1", { a: 2 }],
    ["item", "t", "2", { b: 1 }],
    ["item", "other", "1", 7],
  ]);
  journal.write([["item", "t", "2", null]]);
  const next = reopened(journal);
  expect(next.isNew).toBe(false);
  expect(next.owners("item")).toEqual(["t", "other"]);
  expect([...next.take("item", "t")]).toEqual([["1", { a: 2 }]]);
  expect([...next.take("item", "t")]).toEqual([]);
  expect(next.owners("item")).toEqual(["other"]);
  next.close();
});

test("it is rewritten when it is opened, and what nobody took is still in it", () => {
  const journal = open();
  for (let value = 0; value < 100; value += 1) journal.write([["item", "t", "1", value]]);
  reopened(journal).close();
  expect(readFileSync(file, "utf8").split("\n")).toEqual([JSON.stringify(HEADER), '[["item","t","1",99]]', ""]);
});

test("of a line of which only a part came to the disk nothing counts, and what follows is whole", () => {
  const journal = open();
  journal.write([["item", "t", "1", "whole"]]);
  journal.close();
  appendFileSync(file, '[["item","t","1","ha');
  const next = open();
  next.write([["item", "t", "2", "after"]]);
  expect(Object.fromEntries(reopened(next).take("item", "t"))).toEqual({ "1": "whole", "2": "after" });
});

test("what is written after its end is left out", () => {
  const journal = open();
  journal.close();
  journal.write([["item", "t", "1", "late"]]);
  expect(open().owners("item")).toEqual([]);
});

test.each([
  ["another format", '{"format":2,"region":"eu-west-1"}\n', "is of format 2, and this version reads format 1"],
  [
    "another region",
    '{"format":1,"region":"us-east-1"}\n',
    "is of the region us-east-1, and the stack is for eu-west-1",
  ],
  ["damage", `${JSON.stringify(HEADER)}\n[["item","t","1",1]]\n{]\n`, "is damaged in line 3"],
  ["no header", "", "is damaged in line 1"],
])("refuses %s, and leaves the file as it is", (_name, text, message) => {
  writeFileSync(file, text);
  expect(() => open()).toThrow(`${file} ${message}`);
  expect(readFileSync(file, "utf8")).toBe(text);
});
