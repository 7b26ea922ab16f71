// The state that a page comes with.

import type { FirstState } from "../types";

/** Reads it from a page of the console; undefined when it is another page. */
export function readState(page: Document): FirstState | undefined {
  const text = page.getElementById("state")?.textContent;
  return text ? JSON.parse(text) : undefined;
}
