// Our own photos, which samples/make-samples.ts draws.

import { join } from "node:path";
import { PROJECT_ROOT } from "../stack/project-root";

/** The path of one of them. */
export const samplePhoto = (name: string): string => join(PROJECT_ROOT, "samples", name);
