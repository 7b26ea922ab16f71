// One entry of PutEvents: what EventBridge wants of it, how large it may be, and the event that it becomes. What is wrong
// with an entry fails that entry alone. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html

import { randomUUID } from "node:crypto";
import type { Account } from "../account";
import type { BusEvent } from "./types";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const MAX_DETAIL_TYPE_CHARACTERS = 128;
const MAX_RESOURCE_CHARACTERS = 2048;
/** Of the time, whatever it is. */
const TIME_BYTES = 14;

/** An entry as it was given; each member may be missing. */
export interface GivenEntry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  /** Seconds since 1970. */
  readonly Time?: number;
}

/** Why an entry is not taken. */
export interface EntryRefusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
export const sizeOf = ({ Source = "", DetailType = "", Detail = "", Resources = [], Time }: GivenEntry): number =>
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0) +
  (Time === undefined ? 0 : TIME_BYTES);

/** The event of an entry, or why there is none. */
export function eventOf(entry: GivenEntry, { accountId, region }: Account): BusEvent | EntryRefusal {
  const { Source: source, DetailType: detailType, Resources: resources = [], Time: time = Date.now() / 1000 } = entry;
  if (!source) return missing("Source");
  if (!detailType) return missing("DetailType");
  if (!entry.Detail) return missing("Detail");
  if (source.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  if (detailType.length > MAX_DETAIL_TYPE_CHARACTERS) {
    return invalid(
      "DetailType",
      `it has ${detailType.length} characters, and ${MAX_DETAIL_TYPE_CHARACTERS} at most are allowed`,
    );
  }
  const long = resources.find(({ length }) => length > MAX_RESOURCE_CHARACTERS);
  if (long !== undefined) {
    return invalid(
      "Resources",
      `one has ${long.length} characters, and ${MAX_RESOURCE_CHARACTERS} at most are allowed`,
    );
  }
  const detail = objectIn(entry.Detail);
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source,
    account: accountId,
    time: new Date(time * 1000).toISOString().replace(/\.\d+/, ""),
    region,
    resources,
    detail,
  };
}

const invalid = (parameter: string, reason: string): EntryRefusal => ({
  ErrorCode: "InvalidArgument",
  ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${reason}.`,
});

const missing = (parameter: string): EntryRefusal => invalid(parameter, `${parameter} is a required argument`);

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
