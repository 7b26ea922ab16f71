// The operations that read many items: dynalite finds whole items page by page, which are then filtered and projected.

import { AwsError } from "../aws-error";
import { type CheckedRequest, expressionsOf } from "./check-request";
import type { Dynalite } from "./dynalite";
import { TOO_MANY_CONDITIONS } from "./dynalite";
import { holds } from "./expressions/evaluate";
import { project } from "./expressions/project";
import { indexNamed, projectionOf } from "./indexes";
import type { RunOperation } from "./item-operations";
import type { ItemStore, TableDescription } from "./item-store";
import { hasMultiAttributeKey, queryIndex } from "./multi-attribute-keys";
import { refuseFilteredKeys, refusePathsInKeys, tableOf } from "./table-checks";
import type { Item } from "./types";

/** What is done here, and must not be done by dynalite before. */
const DONE_HERE = ["QueryFilter", "ScanFilter", "ConditionalOperator", "AttributesToGet", "Select"];

type TableRequest = CheckedRequest & { readonly Keys: readonly Item[] };

/** Makes Query, Scan and BatchGetItem. */
export function createReadOperations(store: ItemStore, dynalite: Dynalite): Record<string, RunOperation> {
  function read(operation: string, request: CheckedRequest): Record<string, unknown> {
    const expressions = expressionsOf(request);
    const table = tableOf(request, store);
    const index = request.IndexName === undefined ? undefined : indexNamed(table, String(request.IndexName));
    const { Items, ...page } =
      operation === "Query" && index !== undefined && hasMultiAttributeKey(index)
        ? queryIndex(request, table, index, store)
        : runByDynalite(operation, request); // Its own refusals come first.
    if (operation === "Query") refuseFilteredKeys(request, expressions, table);
    refusePathsInKeys(expressions, table, dynalite);
    const { filter, bindings } = expressions;
    const whole = readsWholeItems(request, table)
      ? (Items as Item[]).map((item) => store.items(table.TableName).get(dynalite.keyOf(item, table)) as Item)
      : (Items as Item[]);
    const found = whole.filter((item) => filter === undefined || holds(filter, item, bindings));
    const shown = request.Select === "COUNT" ? {} : { Items: projected(found, request) };
    return { ...page, Count: found.length, ...shown };
  }

  function runByDynalite(operation: string, request: CheckedRequest): Record<string, unknown> {
    if (Object.keys(request.KeyConditions ?? {}).length > 2)
      throw new AwsError("ValidationException", TOO_MANY_CONDITIONS);
    return dynalite.run(operation, wholeItems(request));
  }

  return {
    Query: (request) => read("Query", request),
    Scan: (request) => read("Scan", request),

    BatchGetItem(request) {
      const requests = request.RequestItems as Record<string, TableRequest>;
      for (const [TableName, each] of Object.entries(requests)) {
        refusePathsInKeys(expressionsOf(each), tableOf({ TableName }, store), dynalite);
      }
      const whole = Object.entries(requests).map(([name, each]) => [name, wholeItems(each)]);
      const output = dynalite.run("BatchGetItem", { ...request, RequestItems: Object.fromEntries(whole) });
      const responses = Object.entries(output.Responses as Record<string, Item[]>);
      const unprocessed = Object.entries(output.UnprocessedKeys as Record<string, TableRequest>);
      return {
        ...output,
        Responses: Object.fromEntries(
          responses.map(([name, items]) => [name, projected(items, requests[name] as TableRequest)]),
        ),
        UnprocessedKeys: Object.fromEntries(unprocessed.map(([name, { Keys }]) => [name, { ...requests[name], Keys }])),
      };
    },
  };
}

/**
 * Whether a query of an index wants what its index does not have: a local one has it fetched, a global one cannot.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.Projections
 */
function readsWholeItems(request: CheckedRequest, table: TableDescription): boolean {
  const index = request.IndexName === undefined ? undefined : indexNamed(table, String(request.IndexName));
  const kept = index && projectionOf(index, table);
  if (index === undefined || kept === undefined) return false;
  const names = (expressionsOf(request).projection ?? []).map(([name]) => String(name));
  const missing = names.filter((name) => !kept.has(name));
  if (!index.isGlobal) return request.Select === "ALL_ATTRIBUTES" || missing.length > 0;
  if (request.Select === "ALL_ATTRIBUTES") {
    throw invalid(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.IndexName} because its projection type is not ALL`,
    );
  }
  if (missing.length > 0) {
    throw invalid(`Global secondary index ${index.IndexName} does not project [${missing.join(", ")}]`);
  }
  return false;
}

const invalid = (message: string) =>
  new AwsError("ValidationException", `One or more parameter values were invalid: ${message}`);

const wholeItems = (request: CheckedRequest): CheckedRequest =>
  Object.fromEntries(Object.entries(request).filter(([name]) => !DONE_HERE.includes(name)));

function projected(items: readonly Item[], request: CheckedRequest): readonly Item[] {
  const { projection } = expressionsOf(request);
  return projection === undefined ? items : items.map((item) => project(item, projection));
}
