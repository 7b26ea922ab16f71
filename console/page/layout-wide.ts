// The diagram from left to right: the flow in one row, the roles below it.

import type { Diagram, DiagramEdge } from "../types";
import { boxHeight, grantLines, type Layout, type PlacedEdge, type PlacedNode, ranksOf, wrap } from "./layout";

const BOX = 138;
const GAP = 100;
const ROLE = 320;
const ROLE_DISTANCE = 56;
/** Between the arcs over the row, each of which has a height of its own. */
const ARC = 26;
const ROLE_CHARACTERS = 48;

export function layoutWide(diagram: Diagram): Layout {
  const ranks = ranksOf(diagram);
  const span = ({ from, to }: DiagramEdge) => (ranks.get(to) ?? 0) - (ranks.get(from) ?? 0);
  const arcs = diagram.edges.filter((edge) => edge.kind === "flow" && span(edge) !== 1);
  const top = 26 + ARC * arcs.length;
  const flow = diagram.nodes.filter(({ kind }) => kind !== "role");
  const height = Math.max(...flow.map(({ name }) => boxHeight(wrap(name))));
  const nodes = new Map<string, PlacedNode>();
  const taken = new Map<number, number>();
  for (const node of flow) {
    const rank = ranks.get(node.id) ?? 0;
    const row = taken.get(rank) ?? 0;
    taken.set(rank, row + 1);
    const y = top + row * (height + 20);
    nodes.set(node.id, { ...node, x: rank * (BOX + GAP), y, width: BOX, height, lines: wrap(node.name) });
  }
  const below = top + Math.max(...taken.values()) * (height + 20) - 20 + ROLE_DISTANCE;
  const width = (Math.max(...ranks.values()) + 1) * (BOX + GAP) - GAP;
  for (const role of diagram.nodes.filter(({ kind }) => kind === "role")) {
    const owner = nodes.get(diagram.edges.find(({ kind, to }) => kind === "role" && to === role.id)?.from ?? "");
    const lines = [role.name, ...grantLines(diagram, role.id, ROLE_CHARACTERS)];
    const middle = owner === undefined ? ROLE / 2 : owner.x + BOX / 2;
    const x = Math.min(Math.max(0, middle - ROLE / 2), width - ROLE);
    nodes.set(role.id, { ...role, x, y: below, width: ROLE, height: boxHeight(lines), lines });
  }
  const edges = diagram.edges.flatMap((edge): PlacedEdge[] => {
    const from = nodes.get(edge.from);
    const to = nodes.get(edge.to);
    return from === undefined || to === undefined ? [] : [place(edge, from, to, arcs.indexOf(edge))];
  });
  const bottom = Math.max(...[...nodes.values()].map((node) => node.y + node.height));
  return { width, height: bottom + 4, nodes: [...nodes.values()], edges };
}

/** @param arc which of the arcs it is; -1 for none */
function place(edge: DiagramEdge, from: PlacedNode, to: PlacedNode, arc: number): PlacedEdge {
  const middleOf = ({ x, width }: PlacedNode) => x + width / 2;
  if (edge.kind !== "flow") {
    // From the role up to what it may use; from the function down to its role.
    const [role, other] = edge.kind === "role" ? [to, from] : [from, to];
    const end = middleOf(other);
    const start = Math.min(Math.max(end, role.x + 12), role.x + role.width - 12);
    const bottom = other.y + other.height;
    const half = (role.y + bottom) / 2;
    return { ...edge, path: `M${start} ${role.y}C${start} ${half} ${end} ${half} ${end} ${bottom}` };
  }
  if (arc === -1) {
    const y = from.y + from.height / 2;
    const start = from.x + from.width;
    return { ...edge, path: `M${start} ${y}H${to.x - 7}`, at: { x: (start + to.x) / 2 - 2, y: y - 8 } };
  }
  const forward = to.x > from.x ? 1 : -1;
  const start = middleOf(from) + forward * 22;
  const end = middleOf(to) - forward * 22;
  const high = from.y - ARC * (arc + 1);
  const path = `M${start} ${from.y}V${high + 8}Q${start} ${high} ${start + forward * 8} ${high}H${end - forward * 8}Q${end} ${high} ${end} ${high + 8}V${to.y - 7}`;
  return { ...edge, path, at: { x: start + forward * 90, y: high - 6 } };
}
