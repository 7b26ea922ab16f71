#!/usr/bin/env node
// `npx profile-image …`, and the same from any folder by the path of this file.

require("./typescript.js");
require("./index.ts");
