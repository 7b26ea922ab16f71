// The commands that the pages show, one after the other, as somebody types them who reads. The blocks without a note are
// those that can run here; test/docs sees to it that the others say why they are not.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { createProgram } from "../../../cli/program";
import { pipeline } from "../../common-pipeline";
import { PAGES } from "../../docs/markdown";
import { linesOf, type Usage, usageOf } from "../../docs/usage";
import { failureKeys, giveUp, reset, upload } from "../operations";
import { createFiles, jpeg } from "../photo-files";
import { run } from "../run";

const files = createFiles();
beforeAll(async () => {
  for (const name of ["me.jpg", "photo.jpg", "team/1.jpg", "team/2.jpg"]) files.write(name, await jpeg());
  files.write("photos.csv", "3,me.jpg\n4,photo.jpg\n");
});
afterAll(() => {
  files.remove();
  return reset(pipeline);
});

const SHOWN = PAGES.flatMap(({ path, blocks }) =>
  blocks
    .filter(({ lang, note }) => lang === "sh" && note === undefined)
    .flatMap(({ text }) => linesOf(text).map((line) => ({ path, line }))),
);

/** What a command is for. */
async function prepare({ name, args }: Usage): Promise<void> {
  if (name === "redrive") await giveUp(pipeline, "CreateThumbnail", "5", "original/mended-since.jpg");
  if (args.includes("--discard")) await upload(pipeline, "5", "original/notes.jpg", "no photo");
}

/** The words with what is meant by them: files of this test's, the records that there are. */
async function meant({ args }: Usage): Promise<string[]> {
  const records = await failureKeys(pipeline);
  return args
    .filter((word) => word !== "--local")
    .flatMap((word) => {
      if (word === "RECORD…") return records;
      const file = join(files.folder, word);
      return existsSync(file) ? file : word;
    });
}

it("the pages show some", () => expect(SHOWN.length).toBeGreaterThan(7));

it.each(SHOWN)("$path: $line", async ({ line }) => {
  const usage = usageOf(line) as Usage;
  await prepare(usage);
  const [command] = createProgram(usage.name).commands;
  if (command === undefined) throw new Error(`There is no command ${usage.name}`);
  const { lines, error } = await run(command, pipeline, ...(await meant(usage)));
  expect(error).toBeUndefined();
  expect(lines).not.toEqual([]);
  await pipeline.aws.idle();
  // Nothing that the pages show fails, and what they fix is fixed.
  expect(await failureKeys(pipeline)).toEqual([]);
});
