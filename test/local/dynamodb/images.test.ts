import { imagesOf, isSame, sizeOf } from "../../../local/dynamodb/images";

describe("the size of an item", () => {
  // The first three are AWS's own example of stream records: 26 = keys 5 + image 21.
  it.each([
    [{ Id: { N: "101" } }, 5],
    [{ Id: { N: "101" }, Message: { S: "New item!" } }, 21],
    [{ Id: { N: "101" }, Message: { S: "This item has changed" } }, 33],
    [{ é: { S: "é" } }, 4],
    [{ b: { B: Buffer.alloc(10).toString("base64") } }, 11],
    [{ n: { NULL: true }, t: { BOOL: false } }, 4],
    [{ s: { SS: ["ab", "c"] } }, 4],
    [{ l: { L: [{ S: "ab" }, { NULL: true }] } }, 1 + 3 + 3 + 2],
    [{ m: { M: { a: { S: "b" } } } }, 1 + 3 + 1 + 2],
  ])("%j has %i bytes", (item, bytes) => {
    expect(sizeOf(item)).toBe(bytes);
  });
});

describe("whether a write changed anything", () => {
  it.each([
    [{ a: { S: "1" }, b: { S: "2" } }, { b: { S: "2" }, a: { S: "1" } }, true],
    [{ a: { SS: ["x", "y"] } }, { a: { SS: ["y", "x"] } }, true],
    [{ a: { L: [{ S: "x" }, { S: "y" }] } }, { a: { L: [{ S: "y" }, { S: "x" }] } }, false],
    [{ a: { M: { SS: { S: "x" } } } }, { a: { M: { SS: { S: "x" } } } }, true],
    [{ a: { S: "1" } }, { a: { N: "1" } }, false],
    [{ a: { S: "1" } }, { a: { S: "1" }, b: { NULL: true } }, false],
  ])("%j and %j are the same: %p", (before, after, same) => {
    expect(isSame(before, after)).toBe(same);
  });

  it("sees items come and go", () => {
    expect(isSame(undefined, { a: { S: "1" } })).toBe(false);
    expect(isSame({ a: { S: "1" } }, undefined)).toBe(false);
    expect(isSame(undefined, undefined)).toBe(true);
  });
});

describe("the images of a view type", () => {
  const [before, after] = [{ a: { S: "old" } }, { a: { S: "new" } }];
  it.each([
    ["KEYS_ONLY", {}],
    ["NEW_IMAGE", { NewImage: after }],
    ["OLD_IMAGE", { OldImage: before }],
    ["NEW_AND_OLD_IMAGES", { NewImage: after, OldImage: before }],
  ] as const)("%s", (view, images) => {
    expect(imagesOf(view, before, after)).toEqual(images);
  });
});
