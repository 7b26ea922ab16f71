import { compileFilterCriteria } from "../../../local/lambda/filter/criteria";

const record = {
  eventName: "MODIFY",
  dynamodb: {
    Keys: { id: { N: "101" } },
    NewImage: {
      id: { N: "101" },
      image: { S: "original/Maverick.jpg" },
      nick: { S: "" },
      retired: { BOOL: false },
      wings: { NULL: null },
      squadrons: { SS: ["VF-1", "VF-213"] },
      flights: { L: [{ S: "Miramar" }, { S: "Fallon" }] },
    },
    SizeBytes: 300,
  },
};

/** The pattern for an attribute of the new image. */
const image = (attribute: object) => ({ dynamodb: { NewImage: attribute } });
const matches = (...patterns: object[]) => compileFilterCriteria(patterns.map((each) => JSON.stringify(each)))(record);

describe("filter criteria", () => {
  it.each<[string, object, boolean]>([
    ["an exact string", { eventName: ["INSERT", "MODIFY"] }, true],
    ["another string", { eventName: ["REMOVE"] }, false],
    ["the case of a string", { eventName: ["modify"] }, false],
    ["a number of DynamoDB as its text", image({ id: { N: ["101"] } }), true],
    ["but not as a number", image({ id: { N: [101] } }), false],
    ["an exact number", { dynamodb: { SizeBytes: [300] } }, true],
    ["an empty string", image({ nick: { S: [""] } }), true],
    ["null", image({ wings: { NULL: [null] } }), true],
    ["null, which is not absence", image({ nobody: { S: [null] } }), false],
    ["false", image({ retired: { BOOL: [false] } }), true],
    ["one of a set's members", image({ squadrons: { SS: ["VF-213"] } }), true],
    ["one of a list's objects", image({ flights: { L: { S: ["Fallon"] } } }), true],
    ["all keys together", { eventName: ["MODIFY"], dynamodb: { SizeBytes: [301] } }, false],

    ["exists at a leaf", image({ image: { S: [{ exists: true }] } }), true],
    ["exists above a leaf", image({ image: [{ exists: true }] }), false],
    ["absence", { dynamodb: { OldImage: { image: { S: [{ exists: false }] } } } }, true],
    ["absence of what is there", image({ image: { S: [{ exists: false }] } }), false],

    ["prefix", image({ image: { S: [{ prefix: "original/" }] } }), true],
    ["another prefix", image({ image: { S: [{ prefix: "Original/" }] } }), false],
    ["suffix", image({ image: { S: [{ suffix: ".jpg" }] } }), true],
    ["suffix of any case", image({ image: { S: [{ suffix: { "equals-ignore-case": ".JPG" } }] } }), true],
    ["equals-ignore-case", { eventName: [{ "equals-ignore-case": "modify" }] }, true],

    ["anything-but", { eventName: [{ "anything-but": "REMOVE" }] }, true],
    ["anything-but of itself", { eventName: [{ "anything-but": ["REMOVE", "MODIFY"] }] }, false],
    ["anything-but of a prefix", image({ image: { S: [{ "anything-but": { prefix: "thumbnails/" } }] } }), true],
    ["anything-but of nothing there", image({ nobody: { S: [{ "anything-but": "x" }] } }), false],

    ["numeric", { dynamodb: { SizeBytes: [{ numeric: [">", 299] }] } }, true],
    ["a numeric range", { dynamodb: { SizeBytes: [{ numeric: [">=", 0, "<", 300] }] } }, false],
    ["numeric on text", image({ id: { N: [{ numeric: ["=", 101] }] } }), false],

    ["$or", { $or: [{ eventName: ["REMOVE"] }, { dynamodb: { SizeBytes: [300] } }] }, true],
    ["$or beside a key", { eventName: ["REMOVE"], $or: [{ eventName: ["MODIFY"] }, { eventName: ["INSERT"] }] }, false],
  ])("match %s", (_name, pattern, expected) => {
    expect(matches(pattern)).toBe(expected);
  });

  it("let everything pass when there are none", () => {
    expect(matches()).toBe(true);
  });

  it("let a record pass when one of several patterns matches", () => {
    expect(matches({ eventName: ["REMOVE"] }, { eventName: ["MODIFY"] })).toBe(true);
  });

  it.each<[string, string]>([
    ["not json", "not json is not JSON"],
    ["[]", "the pattern must be an object"],
    ["{}", "must not be empty"],
    ['{"eventName":"MODIFY"}', 'the pattern.eventName must be an object or a list of values (given "MODIFY")'],
    ['{"eventName":[]}', "the pattern.eventName must not be an empty list"],
    [
      '{"eventName":[{"regex":"M.*"}]}',
      'has {"regex":"M.*"}, which is neither a value nor one of the operators exists',
    ],
    ['{"eventName":[{"prefix":1}]}', "prefix in the pattern.eventName must have a string (given 1)"],
    ['{"eventName":[{"exists":"yes"}]}', 'must have true or false (given "yes")'],
    ['{"eventName":[{"numeric":["~",1]}]}', "must have one or two pairs"],
    ['{"eventName":[{"numeric":["<",1,">",0]}]}', "must have one or two pairs"],
    ['{"eventName":[{"anything-but":[]}]}', "anything-but in the pattern.eventName must have a string, a number"],
    ['{"eventName":[["MODIFY"]]}', "neither a value nor one of the operators"],
    ['{"$or":[{"eventName":["MODIFY"]}]}', "must be a list of at least two patterns"],
    [JSON.stringify({ eventName: ["x".repeat(4096)] }), "at most 4096 allowed"],
  ])("refuse %.60s", (pattern, message) => {
    expect(() => compileFilterCriteria([pattern])).toThrow(
      expect.objectContaining({
        code: "InvalidParameterValueException",
        message: expect.stringContaining(message),
      }),
    );
  });

  it("refuse more than five patterns", () => {
    const pattern = '{"eventName":["MODIFY"]}';
    expect(() => compileFilterCriteria(Array(6).fill(pattern))).toThrow("6 given, at most 5 allowed");
  });
});
