// What a request's expressions must not do in a table: look inside its key attributes, or filter by them in a query.

import { AwsError } from "../aws-error";
import type { CheckedRequest } from "./check-request";
import type { Dynalite } from "./dynalite";
import type { Path } from "./expressions/bindings";
import type { Expressions } from "./expressions/compile";
import { pathsIn } from "./expressions/syntax";
import { indexNamed } from "./indexes";
import type { ItemStore, TableDescription } from "./item-store";

/** The table of a request. */
export function tableOf(request: CheckedRequest, store: ItemStore): TableDescription {
  const table = store.table(String(request.TableName));
  if (table !== undefined) return table;
  throw new AwsError("ResourceNotFoundException", "Requested resource not found");
}

/** Refuses paths that lead into a key attribute, which is a scalar. */
export function refusePathsInKeys(expressions: Expressions, table: TableDescription, dynalite: Dynalite): void {
  const { condition, filter, projection = [], update, bindings } = expressions;
  const conditions = [condition, filter].flatMap((each) => (each === undefined ? [] : pathsIn(each)));
  const paths: readonly Path[] = [
    ...conditions.map(({ steps }) => bindings.path(steps)),
    ...projection,
    ...(update?.paths ?? []),
  ];
  const names = paths.filter((path) => path.length > 1).map(([name]) => String(name));
  if (names.length > 0) dynalite.refusePathsInKey(names, table);
}

/** Refuses a query's filter on a key attribute, which its key condition is for. */
export function refuseFilteredKeys(
  request: CheckedRequest,
  { filter, bindings }: Expressions,
  table: TableDescription,
) {
  if (filter === undefined) return;
  const names = pathsIn(filter).map(({ steps }) => bindings.path(steps)[0]);
  const index = request.IndexName === undefined ? undefined : indexNamed(table, String(request.IndexName));
  const { KeySchema } = index ?? table;
  const key = KeySchema.find(({ AttributeName }) => names.includes(AttributeName));
  if (key === undefined) return;
  const parameter = request.QueryFilter === undefined ? "Filter Expression" : "QueryFilter";
  throw new AwsError(
    "ValidationException",
    `${parameter} can only contain non-primary key attributes: Primary key attribute: ${key.AttributeName}`,
  );
}
