// The table of profiles: a new one, or one that is there already and has the stream that the pipeline reads.

import { DataAwsDynamodbTable } from "@cdktf/provider-aws/lib/data-aws-dynamodb-table";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { Construct } from "constructs";
import type { Settings } from "./settings";
import { isDevelopment, nameSuffixOf } from "./stage";

/** What the rest of the stack needs to know of a table. */
export interface TableReference {
  readonly arn: string;
  readonly name: string;
  readonly streamArn: string;
}

const HASH_KEY = "id";
/** CreateThumbnail compares the profile before and after. */
const STREAM_VIEW_TYPE = "NEW_AND_OLD_IMAGES";

export function profileTable(scope: Construct, id: string, settings: Settings): TableReference {
  const { existingTable, tableName, stage } = settings;
  if (existingTable !== undefined) return existing(scope, id, existingTable);
  return new DynamodbTable(scope, id, {
    name: tableName + nameSuffixOf(stage),
    billingMode: "PAY_PER_REQUEST",
    hashKey: HASH_KEY,
    attribute: [{ name: HASH_KEY, type: "N" }],
    streamEnabled: true,
    streamViewType: STREAM_VIEW_TYPE,
    pointInTimeRecovery: { enabled: !isDevelopment(stage) },
    deletionProtectionEnabled: !isDevelopment(stage),
  });
}

/** A table without the right stream is named while planning: Lambda would speak of a missing ARN, in the middle of applying. */
function existing(scope: Construct, id: string, name: string): TableReference {
  const must = (attribute: string, value: string, message: string) => ({
    condition: `\${self.${attribute} == "${value}"}`,
    errorMessage: `The table ${name} ${message}.`,
  });
  return new DataAwsDynamodbTable(scope, id, {
    name,
    lifecycle: {
      postcondition: [
        must("hash_key", HASH_KEY, `must have the hash key ${HASH_KEY}`),
        must("stream_view_type", STREAM_VIEW_TYPE, `must have a stream of ${STREAM_VIEW_TYPE}`),
      ],
    },
  });
}
