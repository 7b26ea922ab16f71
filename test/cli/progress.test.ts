import { createProgress } from "../../cli/progress";

test("each thing gets a line with its number, and all but the last a bar that shows how much is done", () => {
  const told: string[] = [];
  const done = createProgress(10, { say: (line) => told.push(String(line)), wait: (what) => told.push(what) });
  for (let thing = 1; thing <= 10; thing += 1) done(`thing ${thing}`);
  expect(told.slice(0, 2)).toEqual(["[ 1/10] thing 1", `${"█".repeat(3)}${"░".repeat(27)} 10 %`]);
  expect(told.at(-1)).toBe("[10/10] thing 10");
  expect(told).toHaveLength(19);
});
