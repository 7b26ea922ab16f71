// The diagram from top to bottom, for narrow screens: each node is two rows, so that an edge can end in the middle of it, and
// one row for the edge to the next. What goes to another than the next goes round on the left, in a lane of its own.

import type { Diagram, DiagramEdge } from "../types";
import { drawnEdges, type Layout, type PlacedEdge, ranksOf } from "./layout";

export function layoutNarrow(diagram: Diagram): Layout {
  const { line, below } = ranksOf(diagram);
  const order = [...line.map(([{ id }]) => id), ...below.map(({ id }) => id)];
  const placeOf = ({ from, to }: DiagramEdge) => [order.indexOf(from), order.indexOf(to)] as const;
  const edges = drawnEdges(diagram).filter((edge) => placeOf(edge).every((place) => place >= 0));
  const lengthOf = (edge: DiagramEdge) => Math.abs(placeOf(edge)[1] - placeOf(edge)[0]);
  const isNext = (edge: DiagramEdge) => placeOf(edge)[1] === placeOf(edge)[0] + 1;
  const aside = edges.filter((edge) => !isNext(edge)).sort((one, other) => lengthOf(other) - lengthOf(one));
  const lanes = Math.max(aside.length, 1);
  const placed = edges.map((edge): PlacedEdge => {
    const [from, to] = placeOf(edge);
    if (isNext(edge)) return { edge, column: `${lanes + 1}`, row: `${3 * from + 3}`, route: "down" };
    return {
      edge,
      column: `${aside.indexOf(edge) + 1} / ${lanes + 1}`,
      row: `${3 * Math.min(from, to) + 2} / ${3 * Math.max(from, to) + 2}`,
      route: to < from ? "side-up" : "side-down",
    };
  });
  return {
    nodes: new Map(
      order.map((id, index) => [id, { column: `${lanes + 1}`, row: `${3 * index + 1} / ${3 * index + 3}` }]),
    ),
    edges: placed,
    gaps: order.length - 1,
    lanes,
  };
}
