// The aws_dynamodb_… resource types.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table

import type { CreateTableInput, StreamViewType } from "../dynamodb/types";
import type { Arguments } from "./arguments";
import type { ApplyResource } from "./resources";
import { StackError } from "./stack-error";

export const DYNAMODB_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  async aws_dynamodb_table(args, { dynamodb }) {
    args.inert("point_in_time_recovery", "server_side_encryption");
    const input = tableInput(args);
    const { arn, streamArn = "", streamLabel = "" } = await dynamodb.createTable(input);
    return { arn, id: input.tableName, name: input.tableName, stream_arn: streamArn, stream_label: streamLabel };
  },
};

function tableInput(args: Arguments): CreateTableInput {
  return {
    tableName: args.string("name"),
    attributeDefinitions: args.blocks("attribute", (attribute) => ({
      attributeName: attribute.string("name"),
      attributeType: attribute.string("type"),
    })),
    hashKey: args.string("hash_key"),
    rangeKey: args.optionalString("range_key"),
    billingMode: billingMode(args),
    readCapacity: args.optionalNumber("read_capacity"),
    writeCapacity: args.optionalNumber("write_capacity"),
    streamViewType: streamViewType(args),
    deletionProtectionEnabled: args.optionalBoolean("deletion_protection_enabled"),
  };
}

function billingMode(args: Arguments): CreateTableInput["billingMode"] {
  const mode = args.optionalString("billing_mode") ?? "PROVISIONED";
  if (mode !== "PROVISIONED" && mode !== "PAY_PER_REQUEST") {
    throw new StackError(`${args.address}: "billing_mode" must be PROVISIONED or PAY_PER_REQUEST (given "${mode}")`);
  }
  return mode;
}

function streamViewType(args: Arguments): StreamViewType | undefined {
  const enabled = args.optionalBoolean("stream_enabled") ?? false;
  const type = args.optionalString("stream_view_type");
  if (!enabled) return undefined;
  const allowed: readonly StreamViewType[] = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"];
  const found = allowed.find((name) => name === type);
  if (found === undefined) {
    throw new StackError(`${args.address}: "stream_view_type" must be one of ${allowed.join(", ")} (given "${type}")`);
  }
  return found;
}
