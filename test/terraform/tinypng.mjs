// Preloaded into the functions that the emulator runs: TinyPNG is the local one, by the same means as in the embedded AWS.
// The zips know nothing of it.

import { confineNetwork } from "../../local/lambda/runtime/network.mjs";

const { TINYPNG_ENDPOINT: endpoint } = process.env;
if (endpoint !== undefined) confineNetwork({ endpoint, carriedHosts: ["api.tinify.com"] });
