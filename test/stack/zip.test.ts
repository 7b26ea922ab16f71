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
  const script = `process.stdout.write(Buffer.from(require("./stack/zip.ts").zip({a: new Uint8Array(9)})).toString("hex"))`;
  const run = async (TZ: string) => {
    const { stdout } = await promisify(execFile)(process.execPath, ["-r", "tsx/cjs", "-e", script], {
      cwd: join(__dirname, "..", ".."),
      env: { ...process.env, TZ },
    });
    return stdout;
  };
  const [east, west] = await Promise.all([run("Pacific/Auckland"), run("America/Los_Angeles")]);
  expect(east).not.toBe("");
  expect(east).toBe(west);
});
