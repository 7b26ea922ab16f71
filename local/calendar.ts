// The calendar, which Date.parse does not keep to: it takes a thirtieth of February for the first of March.

/** Whether there is such a day, written as in ISO 8601; a month stands for its first. */
export function isDay(day: string): boolean {
  const midnight = Date.parse(day);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
