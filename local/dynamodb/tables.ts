// Tables as Terraform's provider creates them, each with its stream when it has one.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html

import { randomUUID } from "node:crypto";
import type { Account } from "../account";
import type { ActivityStream } from "../activity";
import type { InputOf } from "../api/shapes";
import { AwsError } from "../aws-error";
import type { Dynalite } from "./dynalite";
import { withIndexUpdates } from "./index-updates";
import { indexesOf } from "./indexes";
import type { ItemStore, TableDescription } from "./item-store";
import type { Identity, KeptTable, KeptTables } from "./kept-tables";
import { withSimpleKey } from "./multi-attribute-keys";
import type { INDEX_UPDATES, SETTINGS, TABLE } from "./operations/table-input";
import { createPublisher, type Publish } from "./publish-changes";
import { createTableStream, type WritableStream } from "./stream";
import { tableArn } from "./table-arn";
import { capacityOf, encryptionOf, viewTypeOf } from "./table-settings";
import { refuseTags } from "./tag-restrictions";
import { createTimeToLive, type TimeToLive } from "./time-to-live";
import { RETENTION_MS, type StreamViewType } from "./types";

type CreateTableRequest = InputOf<typeof TABLE>;
export type TableChanges = InputOf<typeof SETTINGS & typeof INDEX_UPDATES>;

/** What a table has beside its description. */
export interface TableSettings {
  readonly tags: Map<string, string>;
  /** Point-in-time recovery, while it is on. */
  recovery?: { readonly days: number; readonly since: Date };
}

export interface Tables {
  create(input: CreateTableRequest): TableDescription;
  update(table: TableDescription, changes: TableChanges): TableDescription;
  /** With its items; its stream ends. */
  remove(table: TableDescription): void;
  settingsOf(tableName: string): TableSettings;
  readonly timeToLive: TimeToLive;
  /** Every stream, in the order of creation; then those that were turned off within the last 24 hours. */
  streams(): readonly WritableStream[];
  /** Hands a request's changes to the streams of their tables; each append is an activity. */
  readonly publish: Publish;
}

export interface TablesOptions {
  readonly account: Account;
  readonly activity: ActivityStream;
  readonly store: ItemStore;
  readonly dynalite: Dynalite;
  readonly clock: () => number;
  readonly kept?: KeptTables;
}

/** Creates the registry of an account's tables. */
export function createTables({ account, activity, store, dynalite, clock, kept }: TablesOptions): Tables {
  const streams = new Map<string, WritableStream>();
  let ended: WritableStream[] = [];
  const settings = new Map<string, TableSettings>();

  function describe(input: CreateTableRequest, { createdAt: ms, tableId }: Identity): TableDescription {
    return {
      TableName: input.TableName,
      TableArn: tableArn(account, input.TableName),
      TableId: tableId,
      TableStatus: "ACTIVE",
      CreationDateTime: ms / 1000,
      AttributeDefinitions: input.AttributeDefinitions,
      KeySchema: input.KeySchema,
      ...capacityOf(input, ms / 1000),
      ...indexesOf(input, account),
      ...encryptionOf(input, account),
      DeletionProtectionEnabled: input.DeletionProtectionEnabled ?? false,
    };
  }

  /** Gives a table a stream from now on, or from before a restart. */
  function withStream(
    plain: TableDescription,
    viewType: StreamViewType,
    { createdAt, restored }: { createdAt: number; restored?: KeptTable },
  ): TableDescription {
    const { region } = account;
    const stream = createTableStream({ table: plain, region, viewType, clock, createdAt, restored });
    streams.set(plain.TableName, stream);
    return {
      ...plain,
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
      LatestStreamLabel: stream.label,
      LatestStreamArn: stream.arn,
    };
  }

  const { publish, publishExpired } = createPublisher({ account, activity, store, streams, kept });
  const timeToLive = createTimeToLive({ store, clock, onDelete: publishExpired });

  return {
    timeToLive,
    publish,
    create(input) {
      const { TableName, KeySchema, AttributeDefinitions, BillingMode, ProvisionedThroughput } = input;
      const { GlobalSecondaryIndexes, LocalSecondaryIndexes } = input;
      dynalite.check("CreateTable", {
        TableName,
        KeySchema,
        AttributeDefinitions,
        BillingMode,
        ...(ProvisionedThroughput && { ProvisionedThroughput }),
        // The provider sends empty lists for none.
        ...(GlobalSecondaryIndexes?.length && {
          GlobalSecondaryIndexes: GlobalSecondaryIndexes.map((index) => withSimpleKey(index, input)),
        }),
        ...(LocalSecondaryIndexes?.length && { LocalSecondaryIndexes }),
      });
      if (store.table(TableName) !== undefined) {
        throw new AwsError("ResourceInUseException", `Table already exists: ${TableName}`);
      }
      if (input.Tags?.length) refuseTags(input.Tags, new Map());
      const viewType = viewTypeOf(input);
      const fresh = { createdAt: clock(), tableId: randomUUID() };
      const restored = kept?.restore(describe(input, fresh), fresh);
      const plain = describe(input, restored ?? fresh);
      if (restored !== undefined) store.restore(TableName, restored.items);
      const { createdAt } = restored ?? fresh;
      const table = viewType === undefined ? plain : withStream(plain, viewType, { createdAt, restored });
      store.putTable(table);
      settings.set(TableName, { tags: new Map(input.Tags?.map(({ Key, Value }) => [Key, Value])) });
      return table;
    },

    update(table, changes) {
      const { StreamSpecification: wanted } = changes;
      const isStreamed = table.LatestStreamArn !== undefined && streams.has(table.TableName);
      if (wanted?.StreamEnabled && isStreamed) {
        const message = `Table already has an enabled stream: TableName: ${table.TableName}`;
        throw new AwsError("ValidationException", message);
      }
      if (wanted?.StreamEnabled === false && !isStreamed) {
        const message = `Table already has its stream disabled: TableName: ${table.TableName}`;
        throw new AwsError("ValidationException", message);
      }
      const { DeletionProtectionEnabled = table.DeletionProtectionEnabled } = changes;
      const withCapacity = {
        ...table,
        ...(changes.BillingMode && capacityOf(changes, clock() / 1000)),
        ...(changes.ProvisionedThroughput && capacityOf({ ...changes, BillingMode: "PROVISIONED" }, clock() / 1000)),
      };
      const changed = {
        ...withIndexUpdates(withCapacity, changes, { account, dynalite }),
        ...(changes.SSESpecification && { SSEDescription: undefined, ...encryptionOf(changes, account) }),
        DeletionProtectionEnabled,
      };
      const viewType = viewTypeOf(changes);
      if (wanted?.StreamEnabled === false) {
        const stream = streams.get(table.TableName) as WritableStream;
        stream.end();
        ended.push(stream);
        streams.delete(table.TableName);
        store.putTable({ ...changed, StreamSpecification: undefined });
      } else if (viewType !== undefined) store.putTable(withStream(changed, viewType, { createdAt: clock() }));
      else store.putTable(changed);
      return store.table(table.TableName) ?? changed;
    },

    remove({ TableName }) {
      timeToLive.disable(TableName);
      store.removeTable(TableName);
      streams.delete(TableName);
      ended = ended.filter(({ table }) => table.TableName !== TableName);
      settings.delete(TableName);
    },

    settingsOf(tableName) {
      const found = settings.get(tableName) ?? { tags: new Map() };
      settings.set(tableName, found);
      return found;
    },

    streams() {
      ended = ended.filter((stream) => Number(stream.endedAt()) > clock() - RETENTION_MS);
      return [...streams.values(), ...ended];
    },
  };
}
