import { createReport } from "../../cli/report";

/** What a report writes to a stream: a line, something that is waited for, and the line that takes its place. */
function written(isTTY: boolean, columns?: number): string {
  const texts: string[] = [];
  const report = createReport({ isTTY, columns, write: (text) => texts.push(String(text)) > 0 });
  report.say("Uploading");
  report.wait("photo 1 …");
  report.say("photo 1: 80 ms");
  return texts.join("");
}

test("a terminal shows what is waited for until the next line takes its place", () => {
  expect(written(true)).toBe("\r\x1b[KUploading\n\r\x1b[Kphoto 1 …\r\x1b[Kphoto 1: 80 ms\n");
});

test("a narrow terminal shows as much of it as fits into one line", () => {
  expect(written(true, 6)).toBe("\r\x1b[KUploading\n\r\x1b[Kphoto\r\x1b[Kphoto 1: 80 ms\n");
});

test("a file or a pipe gets the lines alone", () => {
  expect(written(false)).toBe("Uploading\nphoto 1: 80 ms\n");
});
