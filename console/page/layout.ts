// Where the nodes and edges of the stack's diagram stand, in lines of a CSS grid: what moves photos on goes along one line,
// each node as far on as the longest way to it. The style sheet takes one of the two layouts by the screen's width.

import type { Diagram, DiagramEdge, DiagramNode } from "../types";
import type { Route } from "./routes";

/** Grid lines, as `grid-column` and `grid-row` take them. */
export interface Cell {
  readonly column: string;
  readonly row: string;
}

export interface PlacedEdge extends Cell {
  readonly edge: DiagramEdge;
  readonly route: Route;
}

export interface Layout {
  readonly nodes: ReadonlyMap<string, Cell>;
  readonly edges: readonly PlacedEdge[];
  /** How often the grid repeats: ranks less one from left to right, lanes from top to bottom. */
  readonly gaps: number;
  /** How many edges go round the others, each in a lane of its own. */
  readonly lanes: number;
}

/** The edges that are drawn: those along which photos go. What roles may do is said where a node is opened. */
export const drawnEdges = ({ edges }: Diagram): readonly DiagramEdge[] =>
  edges.filter(({ kind }) => kind === "flow" || kind === "failure");

export interface Ranks {
  /** The nodes of the line, by how far on they stand. */
  readonly line: readonly (readonly [node: DiagramNode, rank: number])[];
  /** Those that stand below it: what only failures come to, and what found no room. */
  readonly below: readonly DiagramNode[];
}

/** Ranks the nodes; edges that go back, such as a thumbnail's to the bucket it came from, do not count. */
export function ranksOf(diagram: Diagram): Ranks {
  const flows = diagram.edges.filter(({ kind }) => kind === "flow");
  const nodes = diagram.nodes.filter(({ kind }) => kind !== "role");
  const ranks = new Map<string, number>();
  function visit(id: string, rank: number, way: readonly string[]): void {
    if (way.includes(id) || rank <= (ranks.get(id) ?? -1)) return;
    ranks.set(id, rank);
    for (const { from, to } of flows) if (from === id) visit(to, rank + 1, [...way, id]);
  }
  // What only failures come to is where a photo ends, whatever events are sent from there on.
  const isForFailures = (id: string) => diagram.edges.some(({ kind, to }) => kind === "failure" && to === id);
  const isStart = ({ id, kind }: DiagramNode) =>
    kind === "bucket" && !isForFailures(id) && flows.some(({ from }) => from === id);
  for (const { id } of nodes.filter(isStart)) visit(id, 0, []);
  const taken = new Map<number, DiagramNode>();
  for (const node of nodes) {
    const rank = ranks.get(node.id);
    if (rank !== undefined && !taken.has(rank)) taken.set(rank, node);
  }
  const line = [...taken].sort(([one], [other]) => one - other).map(([rank, node]) => [node, rank] as const);
  const onLine = new Set(taken.values());
  return {
    line,
    below: inOrder(
      nodes.filter((node) => !onLine.has(node)),
      flows,
    ),
  };
}

/** The nodes, each after those that lead to it. */
function inOrder(nodes: readonly DiagramNode[], flows: readonly DiagramEdge[]): DiagramNode[] {
  const ordered: DiagramNode[] = [];
  let left = [...nodes];
  while (left.length > 0) {
    const isFree = ({ id }: DiagramNode) =>
      !flows.some(({ from, to }) => to === id && left.some((each) => each.id === from));
    const next = left.filter(isFree);
    // In a circle any of them is as good.
    const taken = next.length > 0 ? next : left;
    ordered.push(...taken);
    left = left.filter((each) => !taken.includes(each));
  }
  return ordered;
}
