// The stack with the setting `events`, and what is seen of what it sends.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { synthesize } from "../cli/synthesize";
import type { BusEvent } from "../local/events/types";
import { ROOT } from "./imports";

/** Synthesizes it into a temporary folder, with functions of its own. */
export const stackWithEvents = () => synthesize(undefined, { PROFILE_IMAGE_EVENTS: "true" });

const schema = JSON.parse(readFileSync(join(ROOT, "docs", "events.schema.json"), "utf8"));
const isEvent = new Ajv({ allErrors: true }).compile(schema);

/** What an event has that docs/events.schema.json does not allow, in words. */
export function complaintsAbout(event: BusEvent): string[] {
  return isEvent(event) ? [] : (isEvent.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
