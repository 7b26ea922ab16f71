// Lambda's pages: Marker is the last item of the page before.

import { AwsError } from "../aws-error";

const DEFAULT_ITEMS = 50;
const MAX_ITEMS = 10_000;

/** One page of a list, in its order. */
export function page<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  { MaxItems = DEFAULT_ITEMS, Marker }: { readonly MaxItems?: number; readonly Marker?: string },
) {
  if (!Number.isInteger(MaxItems) || MaxItems < 1 || MaxItems > MAX_ITEMS) {
    throw new AwsError("ValidationException", `Value '${MaxItems}' at 'maxItems' must be 1 to ${MAX_ITEMS}`);
  }
  const start = Marker === undefined ? 0 : items.findIndex((item) => nameOf(item) === Marker) + 1;
  const shown = items.slice(start, start + MaxItems);
  const last = shown.at(-1);
  return { items: shown, NextMarker: last !== undefined && start + MaxItems < items.length ? nameOf(last) : null };
}
