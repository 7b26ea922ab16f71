// The diagram from top to bottom, for narrow screens: the flow in one column, each role under its function. What a role
// may use stands in its box; there is no room for lines to it.

import type { Diagram, DiagramEdge, DiagramNode } from "../types";
import { boxHeight, grantLines, type Layout, type PlacedEdge, type PlacedNode, ranksOf, wrap } from "./layout";

const WIDTH = 328;
const LEFT = 44;
const ROLE_LEFT = 96;
const GAP = 30;
const ROLE_CHARACTERS = 32;
/** Where the flow goes down, left of the roles. */
const TRUNK = LEFT + 26;

export function layoutNarrow(diagram: Diagram): Layout {
  const ranks = ranksOf(diagram);
  const flow = diagram.nodes
    .filter(({ kind }) => kind !== "role")
    .sort((one, other) => (ranks.get(one.id) ?? 0) - (ranks.get(other.id) ?? 0));
  const nodes = new Map<string, PlacedNode>();
  let y = 2;
  function put(node: DiagramNode, x: number, lines: readonly string[]): void {
    const height = boxHeight(lines);
    nodes.set(node.id, { ...node, x, y, width: WIDTH - x - 2, height, lines });
    y += height + GAP;
  }
  for (const node of flow) {
    put(node, LEFT, wrap(node.name, 34));
    const roleId = diagram.edges.find(({ kind, from }) => kind === "role" && from === node.id)?.to;
    const role = diagram.nodes.find(({ id }) => id === roleId);
    if (role === undefined) continue;
    y -= GAP / 2;
    put(role, ROLE_LEFT, [role.name, ...grantLines(diagram, role.id, ROLE_CHARACTERS)]);
  }
  const order = flow.map(({ id }) => id);
  let arcs = 0;
  const edges = diagram.edges.flatMap((edge): PlacedEdge[] => {
    const from = nodes.get(edge.from);
    const to = nodes.get(edge.to);
    if (from === undefined || to === undefined || edge.kind === "grant") return [];
    if (edge.kind === "role") return [{ ...edge, path: `M${ROLE_LEFT + 24} ${from.y + from.height}V${to.y}` }];
    const isNext = order.indexOf(edge.to) === order.indexOf(edge.from) + 1;
    return [isNext ? down(edge, from, to) : around(edge, from, to, arcs++)];
  });
  return { width: WIDTH, height: y - GAP + 4, nodes: [...nodes.values()], edges };
}

const down = (edge: DiagramEdge, from: PlacedNode, to: PlacedNode): PlacedEdge => ({
  ...edge,
  path: `M${TRUNK} ${from.y + from.height}V${to.y - 7}`,
  at: { x: TRUNK + 10, y: to.y - 11 },
});

/** Past everything that stands between, on the left. */
function around(edge: DiagramEdge, from: PlacedNode, to: PlacedNode, nth: number): PlacedEdge {
  const x = 30 - nth * 10;
  const start = from.y + from.height / 2 + 4;
  const end = to.y + to.height / 2 - 4 + nth * 8;
  return { ...edge, path: `M${LEFT} ${start}H${x}V${end}H${LEFT - 7}` };
}
