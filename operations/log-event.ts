// What a log event says: a JSON document in Lambda's JSON format, or whatever a function printed.

export type Document = Readonly<Record<string, unknown>>;

/** What a log event says: the value of its JSON, or its text when it has none, or too deep for whoever must write it. */
export function parseLogEvent(message: string): unknown {
  try {
    const value: unknown = JSON.parse(message);
    JSON.stringify(value);
    return value;
  } catch {
    return message;
  }
}

/** The JSON document that a log event is; undefined when it is not JSON: a function may print anything. */
export function parseLogDocument(message: string): Document | undefined {
  const value = parseLogEvent(message);
  return isDocument(value) ? value : undefined;
}

export const isDocument = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value);
