// The stack with the setting `events`, and what is seen of what it sends.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import type { BusEvent } from "../local/events/types";
import { ROOT } from "./imports";

/** Where global-setup.ts left it. */
export function stackWithEvents(): string {
  const directory = process.env.SYNTHESIZED_STACK_WITH_EVENTS;
  if (directory === undefined) throw new Error("Run these tests through jest, which synthesizes the stack first");
  return directory;
}

const schema = JSON.parse(readFileSync(join(ROOT, "docs", "events.schema.json"), "utf8"));
const isEvent = new Ajv({ allErrors: true }).compile(schema);

/** What an event has that docs/events.schema.json does not allow, in words. */
export function complaintsAbout(event: BusEvent): string[] {
  return isEvent(event) ? [] : (isEvent.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
