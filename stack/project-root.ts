import { join } from "node:path";

/** The folder of the project: its `cdktf.json`, what is bundled and deployed, and its samples. */
export const PROJECT_ROOT = join(__dirname, "..");
