// The commands that put right what went wrong, on one running pipeline.

import { sharePipeline } from "../common-pipeline";

sharePipeline(7);

describe.each(["backfill", "discard", "erase", "export", "failures", "redrive", "sweep"])("npm run %s", (command) => {
  require(`./mending/${command}`);
});
