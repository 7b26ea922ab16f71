// The commands that send photos and show what there is, on one running pipeline.

import { sharePipeline } from "../common-pipeline";

sharePipeline(7);

describe.each(["logs", "presign", "profiles", "thumbnail", "upload"])("npm run %s", (command) => {
  require(`./everyday/${command}`);
});

describe("what the pages show", () => {
  require("./everyday/documented");
});
