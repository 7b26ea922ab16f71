// The commands that mend what went wrong, on one running pipeline.

import "./shared-pipeline";

describe.each(["backfill", "failures", "redrive"])("npm run %s", (command) => {
  require(`./mending/${command}`);
});
