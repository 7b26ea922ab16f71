// The diagram from left to right: each rank is two columns, so that an edge can end in the middle of a node, and one column
// for the edge to the next. Rows: one for each edge that goes over the others, the line, a gap, and the halves of what
// stands below.

import type { Diagram, DiagramEdge } from "../types";
import { type Cell, drawnEdges, type Layout, type PlacedEdge, ranksOf } from "./layout";

/** From one node below the line to the next, in ranks. */
const STEP_BELOW = 1.5;

/** Where a node stands: its rank, which of one below the line may be a half. */
interface Place {
  readonly rank: number;
  readonly isBelow: boolean;
}

export function layoutWide(diagram: Diagram): Layout {
  const { line, below } = ranksOf(diagram);
  const edges = drawnEdges(diagram);
  const places = new Map<string, Place>(line.map(([{ id }, rank]) => [id, { rank, isBelow: false }]));
  const last = Math.max(0, ...line.map(([, rank]) => rank));
  let free = 0;
  for (const [index, { id }] of below.entries()) {
    const sources = edges.flatMap(({ from, to }) => (to === id ? (places.get(from)?.rank ?? []) : []));
    const mean = sources.reduce((sum, rank) => sum + rank, 0) / Math.max(sources.length, 1);
    // What is still to be placed must find room under the line.
    const room = last - STEP_BELOW * (below.length - 1 - index);
    const rank = Math.max(free, Math.min(room, Math.round(mean * 2) / 2));
    places.set(id, { rank, isBelow: true });
    free = rank + STEP_BELOW;
  }
  const isOver = ({ from, to }: DiagramEdge) => {
    const [source, target] = [places.get(from), places.get(to)];
    if (source === undefined || target === undefined || source.isBelow || target.isBelow) return false;
    return target.rank !== source.rank + 1;
  };
  const over = edges.filter(isOver);
  const lanes = Math.max(over.length, 1);
  const placed = edges.flatMap((edge): PlacedEdge[] => {
    const [source, target] = [places.get(edge.from), places.get(edge.to)];
    if (source === undefined || target === undefined) return [];
    if (source.isBelow && (!target.isBelow || target.rank < source.rank)) return [];
    return [{ edge, ...wayOf(source, target, over.indexOf(edge), lanes) }];
  });
  return {
    nodes: new Map([...places].map(([id, place]) => [id, cellOf(place, lanes)])),
    edges: placed,
    gaps: Math.max(0, ...[...places.values()].map(({ rank }) => Math.ceil(rank))),
    lanes,
  };
}

const startOf = ({ rank }: Place): number => 3 * Math.floor(rank) + (Number.isInteger(rank) ? 1 : 2);
const endOf = ({ rank }: Place): number => (Number.isInteger(rank) ? 3 * rank + 3 : 3 * Math.ceil(rank) + 2);
const middleOf = ({ rank }: Place): number => 3 * rank + 2;

const cellOf = (place: Place, lanes: number): Cell => ({
  column: `${startOf(place)} / ${endOf(place)}`,
  row: place.isBelow ? `${lanes + 3} / ${lanes + 5}` : `${lanes + 1}`,
});

/** @param lane of the edges that go over the others, or -1 */
function wayOf(source: Place, target: Place, lane: number, lanes: number): Omit<PlacedEdge, "edge"> {
  if (source.isBelow) {
    // Above what comes from the line, which ends at the middle of the node.
    return { column: `${endOf(source)} / ${startOf(target)}`, row: `${lanes + 3}`, route: "right" };
  }
  if (target.isBelow) {
    const row = `${lanes + 2} / ${lanes + 4}`;
    const middle = middleOf(source);
    if (middle < startOf(target)) return { column: `${middle} / ${startOf(target)}`, row, route: "down-right" };
    if (middle > endOf(target)) return { column: `${endOf(target)} / ${middle}`, row, route: "down-left" };
    return { column: `${middle}`, row: `${lanes + 2}`, route: "drop" };
  }
  if (lane === -1) return { column: `${endOf(source)}`, row: `${lanes + 1}`, route: "right" };
  const row = `${lane + 1} / ${lanes + 1}`;
  if (target.rank > source.rank)
    return { column: `${middleOf(source)} / ${middleOf(target)}`, row, route: "over-right" };
  return { column: `${middleOf(target)} / ${middleOf(source)}`, row, route: "over-left" };
}
