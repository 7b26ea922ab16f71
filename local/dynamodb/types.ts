// What the other services and the template know of DynamoDB: tables as Terraform's provider creates them, and streams
// as Lambda's event source mapping reads them.

import type { ApiService } from "../api/operation";

export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/** How long a stream's record is kept, in milliseconds. */
export const RETENTION_MS = 24 * 60 * 60 * 1000;

export const STREAM_VIEW_TYPES = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] as const;
export type StreamViewType = (typeof STREAM_VIEW_TYPES)[number];

export interface CreateTableInput {
  readonly tableName: string;
  readonly attributeDefinitions: readonly { readonly attributeName: string; readonly attributeType: string }[];
  readonly hashKey: string;
  readonly rangeKey?: string;
  readonly billingMode: "PAY_PER_REQUEST" | "PROVISIONED";
  readonly readCapacity?: number;
  readonly writeCapacity?: number;
  readonly streamViewType?: StreamViewType;
  /** Whether DeleteTable is refused. */
  readonly deletionProtectionEnabled?: boolean;
}

/** A record as Lambda hands it to a function, and GetRecords returns it but for the names in `userIdentity`. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventVersion: string;
  readonly eventSource: "aws:dynamodb";
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    /** 21 to 40 digits; compare as numbers of that length, never as JavaScript numbers. */
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamViewType;
  };
  /** Who made the change, where that was DynamoDB itself. */
  readonly userIdentity?: UserIdentity;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html */
export interface UserIdentity {
  readonly type: "Service";
  readonly principalId: "dynamodb.amazonaws.com";
}

/** A record in a stream, and since when it counts as there: milliseconds since 1970. */
export interface KeptRecord {
  readonly at: number;
  readonly record: StreamRecord;
}

/** A table's stream, as the event source mapping reads it. */
export interface TableStream {
  readonly arn: string;
  readonly shardId: string;
  /** Records after a sequence number, oldest first; from the oldest kept when it is absent. */
  read(afterSequenceNumber: string | undefined, limit: number): readonly StreamRecord[];
  /** Calls the listener after every append, until the returned function is called. */
  onAppend(listener: () => void): () => void;
  /** Since when a record counts as in the stream, in milliseconds since 1970: since it was written, less the times when nothing ran. */
  addedAt(record: StreamRecord): number;
  /** The newest sequence number, for LATEST. */
  latest(): string | undefined;
}

export interface Dynamodb extends ApiService {
  /** Names of tables that took the place of one that was kept with another key. */
  readonly replacedTables: readonly string[];
  createTable(input: CreateTableInput): Promise<{ arn: string; streamArn?: string; streamLabel?: string }>;
  /** Throws ResourceNotFoundException for an unknown ARN. */
  stream(streamArn: string): TableStream;
}

/** A table as DescribeTable returns it; dynalite reads its name, key schema, attribute definitions and status. */
export interface TableDescription {
  readonly TableName: string;
  readonly TableArn: string;
  readonly TableStatus: "ACTIVE";
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly [member: string]: unknown;
}

/** A secondary index, as CreateTable takes it. */
export interface Index {
  readonly IndexName: string;
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly Projection: { readonly ProjectionType?: string; readonly NonKeyAttributes?: readonly string[] };
}

export interface GlobalIndex extends Index {
  readonly ProvisionedThroughput?: { readonly ReadCapacityUnits: number; readonly WriteCapacityUnits: number };
}
