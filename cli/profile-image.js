#!/usr/bin/env node
// `npx profile-image …`, and the same from any folder by the path of this file: index.ts, which tsx lets Node read.

require("tsx/cjs/api").register();
require("./index.ts");
