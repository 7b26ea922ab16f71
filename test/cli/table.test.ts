// What fits into a terminal, and what is left whole.

import { PassThrough } from "node:stream";
import { describeLogEvent } from "../../cli/log-line";
import { rendered } from "../../cli/print";
import { renderTable } from "../../cli/table";
import { wrap } from "../../cli/wrap";

const KEY = `original/17/${"a".repeat(70)}/photo.jpg`;
const ROWS = [
  ["profile", "image", "thumbnail"],
  ["17", KEY, "there"],
  ["4", "", ""],
];
const file = new PassThrough() as unknown as NodeJS.WriteStream;

test("a table gives up the middle of its widest cells on a terminal, and nothing in a file", () => {
  const lines = rendered(renderTable(ROWS, { columns: 80, dimmed: 1 }), file).split("\n");
  expect(lines[1]).toMatch(/^17 {7}original\/17\/a+…a+\/photo\.jpg {2}there$/);
  expect(lines.map((line) => line.length)).toEqual([80, 76, 1]);
  expect(rendered(renderTable(ROWS), file)).toContain(`17       ${KEY}  there`);
});

test.each([
  ["a b c", 3, "a b\n  c"],
  ["short", 80, "short"],
  ["one two three", 7, "one two\n  three"],
  ["averylongword and more", 8, "averylongword\n  and\n  more"],
  ["no more than aword-that-is-too-long", 10, "no more\n  than\n  aword-that-is-too-long"],
])("%j is broken to %i columns between words", (text, columns, expected) => {
  expect(wrap(text, columns, "  ")).toBe(expected);
});

test("a log event is broken on a terminal", () => {
  const message = JSON.stringify({ level: "INFO", message: { message: "set for profile 1", key: "original/1.jpg" } });
  const event = { functionName: "SetProfileImage", timestamp: 0, message };
  expect(rendered(describeLogEvent(event, 80), file)).toBe(
    "1970-01-01T00:00:00.000Z  SetProfileImage  INFO   set for profile 1\n    key=original/1.jpg",
  );
});
