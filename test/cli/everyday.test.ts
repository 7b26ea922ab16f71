// The commands that send photos and show what there is, on one running pipeline.

import "./shared-pipeline";

describe.each(["logs", "presign", "profiles", "upload"])("npm run %s", (command) => {
  require(`./everyday/${command}`);
});
