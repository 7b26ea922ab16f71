// The applied stack as a graph, read from its synthesized JSON: buckets, functions, tables with their streams, and roles
// are nodes, and so is TinyPNG, which no resource is; what the other resources refer to makes the edges between them.

import { type Reference, referencesOf, resolve } from "../local/template/expressions";
import type { Block, Stack } from "../local/template/read-stack";
import type { Diagram, DiagramEdge, DiagramNode } from "./types";

const NODE_TYPES: Readonly<Record<string, { kind: DiagramNode["kind"]; name: string }>> = {
  aws_s3_bucket: { kind: "bucket", name: "bucket" },
  "data.aws_s3_bucket": { kind: "bucket", name: "bucket" },
  aws_lambda_function: { kind: "function", name: "function_name" },
  aws_dynamodb_table: { kind: "table", name: "name" },
  "data.aws_dynamodb_table": { kind: "table", name: "name" },
  aws_iam_role: { kind: "role", name: "name" },
};

/** A node that Terraform does not make: whoever knows the parameter of its key calls it. */
const TINYPNG: DiagramNode = { id: "tinypng", kind: "service", name: "TinyPNG", address: "api.tinify.com" };

/** Nor this one: whoever may send it events does. */
const EVENT_BUS: DiagramNode = {
  id: "eventbridge",
  kind: "bus",
  name: "EventBridge",
  address: "event-bus/default",
};

/** What moves something on, among the actions that roles may do. */
const WRITES = /^(s3:PutObject|dynamodb:(Put|Update)Item)$/;

/** Draws up the graph of a stack. */
export function createDiagram({ blocks }: Stack, accountId: string): Diagram {
  const calls = blocks.flatMap(callsOf);
  const roles = blocks.flatMap(rolesOf);
  const tells = blocks.flatMap((block) => tellsOf(block, roles));
  const nodes = [
    ...blocks.flatMap((block) => nodesOf(block, accountId)),
    ...(calls.length > 0 ? [TINYPNG] : []),
    ...(tells.length > 0 ? [EVENT_BUS] : []),
  ];
  const ids = new Set(nodes.map(({ id }) => id));
  const grants = blocks.flatMap(grantsOf);
  const triggers = blocks.flatMap(triggersOf);
  // A function writes what its role may write.
  const writes = grants.flatMap(({ from, to, label }) => {
    const written = label.split(", ").filter((action) => WRITES.test(action));
    const isKnown = (source: string) => triggers.some((edge) => edge.from === source && edge.to === to);
    const owners = roles.filter((edge) => edge.to === from && written.length > 0 && !isKnown(edge.from));
    return owners.map(
      (owner): DiagramEdge => ({ from: owner.from, to, kind: "flow", label: short(written.join(", ")) }),
    );
  });
  const edges = [
    ...triggers,
    ...writes,
    ...calls,
    ...tells,
    ...roles,
    ...grants.map((edge) => ({ ...edge, label: short(edge.label) })),
  ];
  return { nodes, edges: merge(edges.filter(({ from, to }) => ids.has(from) && ids.has(to))) };
}

/** A table that the stack only uses has its stream from elsewhere, as the plan checks. */
const hasStream = ({ type, body }: Block): boolean =>
  type === "data.aws_dynamodb_table" || (type === "aws_dynamodb_table" && body.stream_enabled === true);

const streamOf = (table: string): string => `${table}.stream`;

/** The node that a reference means: a table's `stream_arn` is its stream. */
const nodeOf = ({ address, attribute }: Reference): string =>
  attribute === "stream_arn" ? streamOf(address) : address;

const targetOf = (value: unknown): string => referencesOf(value).map(nodeOf)[0] ?? "";

function nodesOf(block: Block, accountId: string): DiagramNode[] {
  const { type, address, body } = block;
  const known = NODE_TYPES[type];
  if (known === undefined) return [];
  const lookup = ({ attribute }: Reference) => (attribute === "account_id" ? accountId : "…");
  const node = { id: address, kind: known.kind, name: String(resolve(body[known.name], lookup)), address };
  if (!hasStream(block)) return [node];
  const name = String(body.stream_view_type ?? "NEW_AND_OLD_IMAGES");
  return [node, { id: streamOf(address), kind: "stream", name, address }];
}

const callsOf = ({ type, address, body }: Block): DiagramEdge[] =>
  type === "aws_lambda_function" &&
  referencesOf(body.environment).some((each) => /^aws_ssm_parameter\./.test(each.address))
    ? [{ from: address, to: TINYPNG.id, kind: "flow", label: "shrink, resize" }]
    : [];

/** Whoever may send events, with their kinds. */
function tellsOf({ type, body }: Block, roles: readonly DiagramEdge[]): DiagramEdge[] {
  if (type !== "aws_iam_role_policy") return [];
  const role = targetOf(body.role);
  const { Statement } = JSON.parse(String(body.policy));
  return listOf(Statement)
    .filter(({ Action }) => listOf(Action).includes("events:PutEvents"))
    .flatMap(({ Condition }): DiagramEdge[] => {
      const label = listOf(Condition?.StringEquals?.["events:detail-type"]).join(", ");
      const owners = roles.filter(({ to }) => to === role);
      return owners.map(({ from }) => ({ from, to: EVENT_BUS.id, kind: "flow", label: label || "PutEvents" }));
    });
}

/** Notifications, streams, mappings, and where what fails goes. */
function triggersOf(block: Block): DiagramEdge[] {
  const { type, address, body } = block;
  const flow = (from: string, to: string, label: string): DiagramEdge => ({ from, to, kind: "flow", label });
  const failure = (to: unknown): DiagramEdge => ({
    from: targetOf(body.function_name),
    to: targetOf(to),
    kind: "failure",
    label: "on failure",
  });
  switch (type) {
    case "aws_s3_bucket_notification":
      return listOf(body.lambda_function).map((target) => {
        const events = listOf(target.events).map((event) => String(event).replace("s3:", ""));
        return flow(targetOf(body.bucket), targetOf(target.lambda_function_arn), events.join(", "));
      });
    case "aws_dynamodb_table":
    case "data.aws_dynamodb_table":
      return hasStream(block) ? [flow(address, streamOf(address), "changes")] : [];
    case "aws_lambda_event_source_mapping":
      return [
        flow(targetOf(body.event_source_arn), targetOf(body.function_name), `batches of ${body.batch_size}`),
        failure(body.destination_config),
      ];
    case "aws_lambda_function_event_invoke_config":
      return [failure(body.destination_config)];
    default:
      return [];
  }
}

const rolesOf = ({ type, address, body }: Block): DiagramEdge[] =>
  type === "aws_lambda_function" ? [{ from: address, to: targetOf(body.role), kind: "role", label: "is" }] : [];

function grantsOf({ type, body }: Block): DiagramEdge[] {
  if (type !== "aws_iam_role_policy") return [];
  const from = targetOf(body.role);
  const { Statement } = JSON.parse(String(body.policy));
  return listOf(Statement).flatMap(({ Action, Resource }): DiagramEdge[] => {
    const label = listOf(Action).join(", ");
    return [...new Set(referencesOf(Resource).map(nodeOf))].map((to) => ({ from, to, kind: "grant", label }));
  });
}

// biome-ignore lint/suspicious/noExplicitAny: a stack's JSON.
function listOf(value: unknown): any[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

const short = (actions: string): string => actions.replace(/\b(s3|dynamodb|logs):/g, "");

/** One edge of each kind between two nodes, with all labels. */
function merge(edges: readonly DiagramEdge[]): DiagramEdge[] {
  const merged = new Map<string, DiagramEdge>();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to} ${edge.kind}`;
    const labels = [...(merged.get(key)?.label.split(", ") ?? []), ...edge.label.split(", ")];
    merged.set(key, { ...edge, label: [...new Set(labels)].join(", ") });
  }
  return [...merged.values()];
}
