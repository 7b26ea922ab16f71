import { idBytes } from "../../local/id-bytes";

describe("the bytes of ids", () => {
  it("are as many as asked for, and never the same ones twice", () => {
    const sizes = Array.from({ length: 1000 }, (_, index) => 16 + (index % 42));
    const ids = sizes.map((size) => idBytes(size));
    expect(ids.map(({ length }) => length)).toEqual(sizes);
    expect(new Set(ids.map((id) => id.toString("hex"))).size).toBe(sizes.length);
  });

  it("can be more than are made at once", () => {
    expect(idBytes(10_000)).toHaveLength(10_000);
  });
});
