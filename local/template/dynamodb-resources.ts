// The aws_dynamodb_… resource types.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table

import type { Arguments } from "./arguments";
import type { ApplyResource, CallApi } from "./call";

interface Described {
  readonly TableDescription: { TableArn: string; LatestStreamArn?: string; LatestStreamLabel?: string };
}

export const DYNAMODB_RESOURCES: Readonly<Record<string, ApplyResource>> = {
  async aws_dynamodb_table(args, { call }) {
    const recovery = readRecovery(args);
    const timeToLive = readTimeToLive(args);
    const input = { ...readTable(args), ...readIndexes(args) };
    const { TableName } = input;
    const { TableDescription: table } = await call<Described>("dynamodb", "CreateTable", input);
    if (recovery) await recover(call, TableName, recovery);
    if (timeToLive?.Enabled) {
      await call("dynamodb", "UpdateTimeToLive", { TableName, TimeToLiveSpecification: timeToLive });
    }
    return {
      arn: table.TableArn,
      id: TableName,
      name: TableName,
      stream_arn: table.LatestStreamArn ?? "",
      stream_label: table.LatestStreamLabel ?? "",
    };
  },
};

/** Changes what can be changed of a table that is there. */
export const updateTable: ApplyResource = async (args, { call }) => {
  const recovery = readRecovery(args) ?? { PointInTimeRecoveryEnabled: false };
  const { TableName, SSESpecification, DeletionProtectionEnabled = false } = readTable(args);
  await call("dynamodb", "UpdateTable", {
    TableName,
    DeletionProtectionEnabled,
    SSESpecification: SSESpecification ?? { Enabled: false },
  });
  await recover(call, TableName, recovery);
  return {};
};

const recover = (call: CallApi, TableName: string, PointInTimeRecoverySpecification: object) =>
  call("dynamodb", "UpdateContinuousBackups", { TableName, PointInTimeRecoverySpecification });

function readTable(args: Arguments) {
  const hasStream = args.optionalBoolean("stream_enabled") ?? false;
  const viewType = args.optionalString("stream_view_type");
  return {
    TableName: args.string("name"),
    AttributeDefinitions: args.blocks("attribute", (attribute) => ({
      AttributeName: attribute.string("name"),
      AttributeType: attribute.string("type"),
    })),
    KeySchema: keyOf(args.string("hash_key"), args.optionalString("range_key")),
    BillingMode: args.optionalString("billing_mode") ?? "PROVISIONED",
    ...capacityOf(args),
    ...(hasStream && { StreamSpecification: { StreamEnabled: true, StreamViewType: viewType } }),
    SSESpecification: args.optionalBlock("server_side_encryption", (encryption) => ({
      Enabled: encryption.optionalBoolean("enabled"),
      KMSMasterKeyId: encryption.optionalString("kms_key_arn"),
    })),
    DeletionProtectionEnabled: args.optionalBoolean("deletion_protection_enabled"),
  };
}

/** Those that a table is made with; another version of the stack changes none in place. */
function readIndexes(args: Arguments) {
  const readIndex = (index: Arguments) => ({
    IndexName: index.string("name"),
    Projection: {
      ProjectionType: index.string("projection_type"),
      NonKeyAttributes: index.optionalStrings("non_key_attributes"),
    },
  });
  return {
    GlobalSecondaryIndexes: args.blocks("global_secondary_index", (index) => ({
      ...readIndex(index),
      KeySchema: keyOf(index.string("hash_key"), index.optionalString("range_key")),
      ...capacityOf(index),
    })),
    LocalSecondaryIndexes: args.blocks("local_secondary_index", (index) => ({
      ...readIndex(index),
      KeySchema: keyOf(args.string("hash_key"), index.string("range_key")),
    })),
  };
}

const keyOf = (hash: string, range: string | undefined) => [
  { AttributeName: hash, KeyType: "HASH" },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" }]),
];

function capacityOf(args: Arguments) {
  const [read, write] = [args.optionalNumber("read_capacity"), args.optionalNumber("write_capacity")];
  return (read ?? write) === undefined
    ? {}
    : { ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: write } };
}

const readTimeToLive = (args: Arguments) =>
  args.optionalBlock("ttl", (ttl) => ({
    AttributeName: ttl.optionalString("attribute_name"),
    Enabled: ttl.optionalBoolean("enabled") ?? false,
  }));

const readRecovery = (args: Arguments) =>
  args.optionalBlock("point_in_time_recovery", (recovery) => ({
    PointInTimeRecoveryEnabled: recovery.optionalBoolean("enabled") ?? false,
    RecoveryPeriodInDays: recovery.optionalNumber("recovery_period_in_days"),
  }));
