#!/usr/bin/env node
// `npx profile-image …`, and the same from any folder by the path of this file.

require("../local/v8-flags.js");
require("./typescript.js");
require("./index.ts");
