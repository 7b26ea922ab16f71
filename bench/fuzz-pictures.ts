// The long fuzz of pictures: damaged ones through the whole pipeline, of which each must become a thumbnail or a failure
// record. Run it with: node --import tsx bench/fuzz-pictures.ts [--resizer account] [--pictures 1000] [--seed N]

import { Command, Option } from "commander";
import { synthesize } from "../cli/synthesize";
import { startPipeline } from "../pipeline";
import { RESIZERS } from "../stack/settings/types";
import { runPictures } from "../test/fuzz/pictures";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

async function main(): Promise<void> {
  const { resizer, pictures, seed } = new Command()
    .addOption(new Option("--resizer <resizer>", "who resizes").choices(RESIZERS).default("account"))
    .option("--pictures <number>", "how many", "1000")
    .option("--seed <number>", "the same seed damages them in the same way", "1")
    .parse()
    .opts<Record<"resizer" | "pictures" | "seed", string>>();
  const stack = await synthesize(undefined, { PROFILE_IMAGE_RESIZER: resizer });
  const pipeline = await startPipeline(stack.directory, 0);
  try {
    const { thumbnails, records, faults } = await runPictures(pipeline, Number(pictures), Number(seed));
    console.log(`${pictures} pictures of seed ${seed}: ${thumbnails} thumbnails, ${records} failure records`);
    for (const fault of faults) console.error(fault);
    process.exitCode = faults.length === 0 ? 0 : 1;
  } finally {
    await pipeline.close();
  }
}

void main();
