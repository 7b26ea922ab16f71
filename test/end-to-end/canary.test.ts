// A canary in the place of TinyPNG's key: whoever may read the stack or the functions' configuration never finds it. That
// nothing shows it while photos succeed and fail is in tinypng-key.test.ts.

import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { startPipeline } from "../../pipeline";
import { synthesizedStack } from "../pipeline";
import { CANARY, findIn } from "./canary";
import { outputsOf } from "./outputs";

/** Path → content of each file below a folder, and of each file in its zips. */
function filesOf(directory: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const { parentPath, name } of readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )) {
    const content = readFileSync(join(parentPath, name));
    files.set(name, content.toString("latin1"));
    if (!name.endsWith(".zip")) continue;
    for (const [member, bytes] of Object.entries(unzipSync(content))) files.set(`${name}/${member}`, strFromU8(bytes));
  }
  return files;
}

it("the synthesized stack does not have it, although Terraform's variable was set when it was made", () => {
  const files = filesOf(join(synthesizedStack(), "..", ".."));
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(["cdk.tf.json", "manifest.json", "CreateThumbnail.zip/index.mjs"]),
  );
  expect(process.env.TF_VAR_tinypng_key).toBe(CANARY);
  expect(findIn(files)).toEqual([]);
});

describe("in a function's environment", () => {
  const directory = mkdtempSync(join(tmpdir(), "canary-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  /** The synthesized stack with the key in the environment of CreateThumbnail. */
  function exposeKey(isEphemeral: boolean): void {
    const stack = JSON.parse(readFileSync(join(synthesizedStack(), "cdk.tf.json"), "utf8"));
    stack.resource.aws_lambda_function.create_thumbnail_function.environment.variables.KEY = `\${var.tinypng_key}`;
    stack.variable.tinypng_key.ephemeral = isEphemeral;
    writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack));
  }
  beforeAll(() => symlinkSync(join(synthesizedStack(), "assets"), join(directory, "assets")));

  it("it is refused, as Terraform does", async () => {
    exposeKey(true);
    await expect(startPipeline(directory, 0, { tinypngKey: CANARY })).rejects.toThrow(
      'Ephemeral values are not valid for the argument "environment" of aws_lambda_function.create_thumbnail_function',
    );
  });

  it("it would be found, if the variable were not ephemeral", async () => {
    exposeKey(false);
    const pipeline = await startPipeline(directory, 0, { tinypngKey: CANARY });
    try {
      expect(findIn(await outputsOf(pipeline))).toEqual([
        "configuration of CreateThumbnail",
        "function CreateThumbnail",
      ]);
    } finally {
      await pipeline.close();
    }
  });
});
