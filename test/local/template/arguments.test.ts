import { Arguments } from "../../../local/template/arguments";

const read = <T>(body: Record<string, unknown>, readBody: (args: Arguments) => T) =>
  Arguments.read("aws_x.y", body, readBody);

describe("the arguments of a resource", () => {
  it("are read by name and type", () => {
    const body = { name: "n", size: 3, depends_on: ["any.thing"], rule: [{ id: "r" }] };
    const result = read(body, (args) => [
      args.string("name"),
      args.number("size"),
      args.block("rule", (rule) => rule.string("id")),
      args.optionalString("absent"),
    ]);
    expect(result).toEqual(["n", 3, "r", undefined]);
  });

  it.each<[string, Record<string, unknown>, (args: Arguments) => unknown, string]>([
    [
      "an unexpected argument",
      { vpc_config: {} },
      () => 0,
      'aws_x.y has the argument "vpc_config", which the embedded AWS does not',
    ],
    [
      "an unexpected argument in a block",
      { rule: { z: 1 } },
      (args) => args.block("rule", () => 0),
      'aws_x.y: rule has the argument "z"',
    ],
    ["a missing one", {}, (args) => args.string("name"), 'aws_x.y: the argument "name" is missing'],
    ["a wrong type", { name: 3 }, (args) => args.string("name"), 'aws_x.y: "name" must be a string (given 3)'],
    ["a wrong list", { l: [1] }, (args) => args.strings("l"), '"l" must be a list of strings (given [1])'],
    [
      "a block twice",
      { rule: [{}, {}] },
      (args) => args.block("rule", () => 0),
      '"rule" may be there once (given 2 times)',
    ],
    [
      "another value than the one emulated",
      { enabled: false },
      (args) => args.only("enabled", true),
      '"enabled" must be true',
    ],
  ])("refuse %s in words", (_what, body, readBody, message) => {
    expect(() => read(body, readBody)).toThrow(message);
  });
});
