// The part of an object that a GET or HEAD asks for: a byte range or a part of a multipart upload.

import { AwsError } from "../../aws-error";
import { invalidArgument } from "../errors";
import type { StoredObject } from "../store/types";

/** `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The asked range, or nothing for the whole object: also when the header has several ranges or cannot be read. */
export function parseRange(header: string | undefined, size: number): Range | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (header === undefined || first === undefined || last === undefined || first + last === "") return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (start >= size || (first === "" && Number(last) === 0)) {
    const fields = { RangeRequested: header, ActualObjectSize: size };
    throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416, fields);
  }
  return { start, end };
}

/** The range of a `partNumber`; an object that was not uploaded in parts has one. */
export function partRange(value: string, { size, partSizes = [size] }: StoredObject): Range {
  const partNumber = Number(value);
  if (!/^\d+$/.test(value) || partNumber < 1 || partNumber > 10_000) {
    const message = "Part number must be an integer between 1 and 10000, inclusive";
    throw invalidArgument(message, "partNumber", value);
  }
  const length = partSizes[partNumber - 1];
  if (length === undefined) {
    const fields = { ActualPartCount: partSizes.length, PartNumberRequested: partNumber };
    throw new AwsError("InvalidPartNumber", "The requested partnumber is not satisfiable", 416, fields);
  }
  const start = partSizes.slice(0, partNumber - 1).reduce((sum, bytes) => sum + bytes, 0);
  return { start, end: start + length };
}
