// Our own photos, for somebody who has none at hand.

import { readFile } from "node:fs/promises";
import { samplePhoto } from "../pipeline/sample-photos";
import { Refusal } from "./refusal";
import type { Sample } from "./types";

/** Each with the profile that it is of. */
export const SAMPLES: readonly Sample[] = ["maverick", "iceman", "goose", "merlin", "viper"].map((name, index) => ({
  name: `${name}.jpg`,
  profileId: String(index + 1),
}));

/** The bytes of one of them. */
export async function readSample(name: string): Promise<Uint8Array> {
  if (SAMPLES.some((sample) => sample.name === name)) return readFile(samplePhoto(name));
  throw new Refusal(404, `There is no sample ${name}; there are ${SAMPLES.map((sample) => sample.name).join(", ")}`);
}
