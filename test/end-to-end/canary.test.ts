// A canary in the place of TinyPNG's key: whoever may read the stack, the logs, the buckets or the functions'
// configuration never finds it, whether photos succeed or fail.

import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { failuresCommand } from "../../cli/failures";
import { startPipeline } from "../../cli/pipeline";
import { redriveCommand } from "../../cli/redrive";
import { loadSampleProfiles } from "../../cli/sample-profiles";
import { upload } from "../cli/operations";
import { run } from "../cli/run";
import { record, synthesizedStack } from "../pipeline";
import { outputsOf } from "./outputs";

/** global-setup.ts set it for the synthesis, too. */
const CANARY = process.env.TF_VAR_tinypng_key ?? "";

/** As it is, and as HTTP's Basic authentication and encoders of bytes would show it. */
const FORMS = [CANARY, Buffer.from(CANARY).toString("base64"), Buffer.from(`api:${CANARY}`).toString("base64")].map(
  (form) => form.replace(/=+$/, ""),
);

/** The places whose text shows the canary. */
const findIn = (outputs: ReadonlyMap<string, string>): string[] =>
  [...outputs].filter(([, text]) => FORMS.some((form) => text.includes(form))).map(([place]) => place);

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

it("nothing that the pipeline writes, answers or prints has it", async () => {
  const printed: string[] = [];
  const spies = (["stdout", "stderr"] as const).map((name) =>
    jest.spyOn(process[name], "write").mockImplementation((text) => printed.push(String(text)) > 0),
  );
  try {
    const pipeline = await startPipeline(synthesizedStack(), 0, { tinypngKey: CANARY });
    const { activities } = record(pipeline);
    try {
      await loadSampleProfiles(pipeline);
      await upload(pipeline, "1", "original/1.jpg");
      await upload(pipeline, "2", "original/2.jpg", "no photo");
      pipeline.aws.tinypng.acceptKey("another key");
      await upload(pipeline, "3", "original/3.jpg");
      const outputs = await outputsOf(pipeline);
      for (const command of [failuresCommand(), redriveCommand()]) {
        outputs.set(command.name(), JSON.stringify(await run(command, pipeline, ...argumentsOf(command.name()))));
      }
      outputs.set("activities", JSON.stringify(activities)).set("printed", printed.join(""));

      expect(findIn(outputs)).toEqual([]);
      // What was searched is what was meant to be.
      expect([...outputs.keys()]).toEqual(
        expect.arrayContaining([
          "user-profile-images-111122223333/thumbnails/1.jpg",
          expect.stringMatching(/^user-profile-failures-\d+\/CreateThumbnail\//),
          expect.stringMatching(/^user-profile-failures-\d+\/aws\/lambda\//),
        ]),
      );
      expect(outputs.get("log of CreateThumbnail")).toContain("KeyRefused");
      expect(outputs.get("failures")).toContain("UnusablePhoto");
      expect(outputs.get("activities")).toContain("GetParameter");
    } finally {
      await pipeline.close();
    }
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});

const argumentsOf = (command: string): string[] => (command === "redrive" ? ["--all"] : []);

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
