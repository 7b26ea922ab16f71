import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { strFromU8, strToU8, unzipSync } from "fflate";
import { zip } from "../../stack/zip";

test("the files come back out", () => {
  const files = unzipSync(zip({ "index.mjs": strToU8("export const a = 1;"), "b/c.json": strToU8("{}") }));
  expect(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strFromU8(content)]))).toEqual({
    "index.mjs": "export const a = 1;",
    "b/c.json": "{}",
  });
});

test("the order in which files are given does not matter", () => {
  const [a, b] = [strToU8("a"), strToU8("b")];
  expect(zip({ a, b })).toEqual(zip({ b, a }));
});

test("everyone may read the files, as Lambda demands", () => {
  const archive = Buffer.from(zip({ "index.mjs": strToU8("1") }));
  const directory = archive.indexOf("PK\x01\x02", 0, "latin1");
  const attributes = archive.readUInt32LE(directory + 38);
  expect((attributes >>> 16).toString(8)).toBe("100644");
});

test("the bytes are the same in every time zone", async () => {
  // Node takes a new TZ at once, but in a test process.env is a copy.
  const script = `
    for (const zone of ["Pacific/Auckland", "America/Los_Angeles"]) {
      process.env.TZ = zone;
      delete require.cache[require.resolve("./stack/zip.ts")];
      const archive = require("./stack/zip.ts").zip({ a: new Uint8Array(9) });
      console.log(new Date(0).getHours(), Buffer.from(archive).toString("hex"));
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-r", "./cli/typescript.js", "-e", script], {
    cwd: join(__dirname, "..", ".."),
  });
  const [[eastern, east] = [], [western, west] = []] = stdout.split("\n").map((line) => line.split(" "));
  expect(eastern).not.toBe(western);
  expect(east).toMatch(/^504b/);
  expect(east).toBe(west);
});
