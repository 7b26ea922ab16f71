// What a stack takes from the account instead of making it (the settings `existingTable` and `existingBucket`): read from
// the data sources of the synthesized JSON, so that a local run has it too.

import type { ExistingResources } from "../local";
import { readStack } from "../local/template/read-stack";
import { profileIdsOf } from "./profile-ids";

/** The table and bucket that the stack's data sources name, as the pipeline needs them. */
export function existingResources(stackDirectory: string): ExistingResources {
  const namesIn = (type: string, argument: string): string[] =>
    readStack(stackDirectory)
      .blocks.filter((block) => block.type === type)
      .map(({ body }) => String(body[argument]));
  const { attributeType } = profileIdsOf(stackDirectory);
  return {
    tables: namesIn("data.aws_dynamodb_table", "name").map((tableName) => ({
      tableName,
      hashKey: "id",
      attributeDefinitions: [{ attributeName: "id", attributeType }],
      billingMode: "PAY_PER_REQUEST",
      streamViewType: "NEW_AND_OLD_IMAGES",
    })),
    buckets: namesIn("data.aws_s3_bucket", "bucket"),
  };
}
