// The keys of secondary indexes in items: which items an index has, and which values no item may be written with.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html

import { AwsError } from "../aws-error";
import type { AttributeValue, Index, Item, TableDescription } from "./types";

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys */
const MOST_BYTES = { HASH: 2048, RANGE: 1024 } as const;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes */
const LONGEST_NAME = 255;

/** Refuses names that no attribute of a key or of a projection may have. */
export function refuseNames(names: readonly string[]): void {
  const wrong = names.find((name) => name.length < 1 || name.length > LONGEST_NAME);
  if (wrong === undefined) return;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${wrong}' at 'attributeName' failed to satisfy constraint: Member must have length between 1 and ${LONGEST_NAME}`,
  );
}

/** Whether an index has an item; one that was there before the index may have values that cannot be its key. */
export const isIn = ({ KeySchema }: Index, item: Item, table: TableDescription): boolean =>
  KeySchema.every(({ AttributeName: name, KeyType }) => {
    const value = item[name];
    return value !== undefined && value[typeOf(name, table)] !== undefined && problemOf(value, KeyType) === undefined;
  });

/** Refuses an item that an index could not have: with an empty or too long value. Of types, dynalite judges. */
export function refuseIndexKeys(item: Item, table: TableDescription): void {
  const { GlobalSecondaryIndexes: global = [], LocalSecondaryIndexes: local = [] } = table as {
    GlobalSecondaryIndexes?: readonly Index[];
    LocalSecondaryIndexes?: readonly Index[];
  };
  for (const { IndexName, KeySchema } of [...global, ...local]) {
    for (const { AttributeName: name, KeyType } of KeySchema) {
      const problem = item[name] && problemOf(item[name], KeyType);
      if (problem === undefined) continue;
      throw new AwsError(
        "ValidationException",
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. ${problem} IndexName: ${IndexName}, IndexKey: ${name}`,
      );
    }
  }
}

function problemOf(value: AttributeValue, keyType: string): string | undefined {
  const { S, B } = value as { S?: string; B?: string };
  const bytes = S === undefined ? Buffer.byteLength(B ?? "", "base64") : Buffer.byteLength(S);
  if (S === undefined && B === undefined) return undefined;
  if (bytes === 0) {
    return `The AttributeValue for a key attribute cannot contain an empty ${S === undefined ? "binary" : "string"} value.`;
  }
  const most = keyType === "HASH" ? MOST_BYTES.HASH : MOST_BYTES.RANGE;
  return bytes <= most
    ? undefined
    : `Size of the key (${bytes} bytes) has exceeded the maximum size limit of ${most} bytes.`;
}

/** The type of a key attribute: S, N or B. */
export const typeOf = (name: string, { AttributeDefinitions }: TableDescription): string =>
  String(AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType);
