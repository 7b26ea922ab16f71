// The setting `resizer: account`: libvips in CreateThumbnail's zip, and nothing left of TinyPNG in the stack.

import { readFileSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import { type Bundles, bundleFunctions } from "../../stack/bundle";
import { FUNCTION_NAMES } from "../../stack/function-names";
import { synthesizedBundles } from "../pipeline";
import { statementsOf, synthesizeStack } from "./synthesized-stack";

const MOST_BYTES = 4_000_000;
const POLICY = "aws_iam_role_policy.create_thumbnail_role_policy";

describe("with resizer: account", () => {
  let bundles: Bundles;
  beforeAll(async () => {
    bundles = await bundleFunctions({ resizer: "account" });
  });
  const read = (zipFile: string) => readFileSync(zipFile);

  test("the stack has no key: no variable, no parameter, no permission, and no word of TinyPNG", () => {
    const { json, resources } = synthesizeStack({ resizer: "account" });
    expect(json.variable).toBeUndefined();
    expect(resources("aws_ssm_parameter")).toEqual([]);
    expect(JSON.stringify(json)).not.toMatch(/tinypng|ssm:/i);
  });

  test("CreateThumbnail may do what it may without it, but for reading the key", () => {
    const sidsIn = (context: Record<string, unknown>) =>
      statementsOf(synthesizeStack(context).resource(POLICY).policy).map(({ Sid }) => Sid);
    expect(sidsIn({ resizer: "account" })).toEqual(sidsIn({}).filter((sid) => sid !== "ReadTinyPNGKey"));
  });

  test("the zip has libvips beside the function and its worker, and stays small", () => {
    const zip = read(bundles.CreateThumbnail.zipFile);
    const names = [
      "index.mjs",
      "resize-thread.mjs",
      "resize-worker.mjs",
      "vips-heif.wasm",
      "vips-node.mjs",
      "vips.wasm",
    ];
    expect(Object.keys(unzipSync(zip)).sort()).toEqual(names);
    expect(zip.length).toBeLessThan(MOST_BYTES);
  });

  test("the function knows nothing of TinyPNG or Parameter Store", () => {
    const code = strFromU8(unzipSync(read(bundles.CreateThumbnail.zipFile))["index.mjs"] ?? new Uint8Array());
    // A match, not the code: that would fill the report.
    expect(code.match(/tinify|tinypng|ssm:|client-ssm|GetParameter/i)?.[0]).toBeUndefined();
  });

  test("the same zip comes of the same sources", async () => {
    expect(await bundleFunctions({ resizer: "account" })).toEqual(bundles);
  });

  test("SetProfileImage is the same", () => {
    expect(bundles.SetProfileImage.codeSha256).toBe(synthesizedBundles().SetProfileImage.codeSha256);
  });
});

test("without it no zip knows of libvips", () => {
  for (const name of FUNCTION_NAMES) {
    const files = unzipSync(readFileSync(synthesizedBundles()[name].zipFile));
    expect(Object.keys(files)).toEqual(["index.mjs"]);
    expect(strFromU8(files["index.mjs"] ?? new Uint8Array()).match(/vips|resize-worker/)?.[0]).toBeUndefined();
  }
});
