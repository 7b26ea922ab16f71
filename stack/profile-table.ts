// The table of profiles: a new one, or one that is there already and has the stream that the pipeline reads.

import { DataAwsDynamodbTable } from "@cdktf/provider-aws/lib/data-aws-dynamodb-table";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { type ProfileIdType, profileIds } from "../functions/lib/profile-id";
import { protection } from "./protection";
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
  const { existingTable, tableName, stage, profileId } = settings;
  const { attributeType } = profileIds(profileId);
  if (existingTable !== undefined) return existing(scope, id, existingTable, attributeType, profileId);
  // The provider would change nothing: it takes an attribute's type for a detail of indexes, and plans no replacement.
  // Not CDKTF's DataResource, which asks a Terraform for its version while synthesizing.
  const keyType = new TerraformResource(scope, `${id}_key_type`, { terraformResourceType: "terraform_data" });
  keyType.addOverride("input", { [HASH_KEY]: attributeType });
  // In JSON this must be the bare address: https://developer.hashicorp.com/terraform/language/syntax/json
  const replaceTriggeredBy = [`${keyType.terraformResourceType}.${keyType.friendlyUniqueId}`];
  return new DynamodbTable(scope, id, {
    name: tableName + nameSuffixOf(stage),
    billingMode: "PAY_PER_REQUEST",
    hashKey: HASH_KEY,
    attribute: [{ name: HASH_KEY, type: attributeType }],
    streamEnabled: true,
    streamViewType: STREAM_VIEW_TYPE,
    pointInTimeRecovery: { enabled: !isDevelopment(stage) },
    deletionProtectionEnabled: !isDevelopment(stage),
    lifecycle: { ...protection(isDevelopment(stage)), replaceTriggeredBy },
  });
}

/** A table of another kind is named while planning: AWS would report it in the middle of applying, or at the first photo. */
function existing(
  scope: Construct,
  id: string,
  name: string,
  attributeType: string,
  profileId: ProfileIdType,
): TableReference {
  const must = (condition: string, message: string) => ({
    condition: `\${${condition}}`,
    errorMessage: `The table ${name} ${message}.`,
  });
  return new DataAwsDynamodbTable(scope, id, {
    name,
    lifecycle: {
      postcondition: [
        must(`self.hash_key == "${HASH_KEY}"`, `must have the hash key ${HASH_KEY}`),
        must(
          `anytrue([for each in self.attribute : each.name == "${HASH_KEY}" && each.type == "${attributeType}"])`,
          `must have a hash key that is a ${profileId} (${attributeType}), as the setting profileId says`,
        ),
        must("try(length(self.range_key), 0) == 0", "must have no range key"),
        must(`self.stream_view_type == "${STREAM_VIEW_TYPE}"`, `must have a stream of ${STREAM_VIEW_TYPE}`),
      ],
    },
  });
}
