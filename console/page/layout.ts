// Where the nodes and edges of the stack's diagram stand: what moves photos on goes along one line, each node as far on
// as the longest way to it, and the roles stand beside their functions.

import type { Diagram, DiagramEdge, DiagramNode } from "../types";

export interface PlacedNode extends DiagramNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The name, and for a role what it may do, line by line. */
  readonly lines: readonly string[];
}

export interface PlacedEdge extends DiagramEdge {
  /** Of an SVG path. */
  readonly path: string;
  /** Where its label stands; without it there is no room for one. */
  readonly at?: { readonly x: number; readonly y: number };
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const LINE = 15;
/** The kind above the name, and the edges of the box. */
const FRAME = 34;
const BOX_CHARACTERS = 15;

export const boxHeight = (lines: readonly string[]): number => FRAME + lines.length * LINE;

/** Breaks a name after hyphens and the like, or where it must. */
export const wrap = (name: string, characters = BOX_CHARACTERS): string[] => fill(name.split(/(?<=[-_.])/), characters);

function fill(pieces: readonly string[], characters: number): string[] {
  const lines = [""];
  for (const piece of pieces) {
    const line = lines.at(-1) ?? "";
    if (line.length > 0 && line.length + piece.length > characters) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines.flatMap((line) => line.match(new RegExp(`.{1,${characters}}`, "g")) ?? []);
}

/** The flow's nodes in ranks; edges that go back, such as a thumbnail's to the bucket it came from, do not count. */
export function ranksOf({ nodes, edges }: Diagram): Map<string, number> {
  const flows = edges.filter(({ kind }) => kind === "flow");
  const ranks = new Map<string, number>();
  function visit(id: string, rank: number, way: readonly string[]): void {
    if (way.includes(id) || rank <= (ranks.get(id) ?? -1)) return;
    ranks.set(id, rank);
    for (const { from, to } of flows) if (from === id) visit(to, rank + 1, [...way, id]);
  }
  const isStart = ({ id, kind }: DiagramNode) => kind === "bucket" && flows.some(({ from }) => from === id);
  for (const { id } of nodes.filter(isStart)) visit(id, 0, []);
  for (const { id, kind } of nodes) if (kind !== "role" && !ranks.has(id)) ranks.set(id, 0);
  return ranks;
}

/** What a role may do, and to what, broken at spaces. */
export function grantLines({ nodes, edges }: Diagram, role: string, characters: number): string[] {
  const nameOf = (id: string) => {
    const { kind, name = id } = nodes.find((node) => node.id === id) ?? {};
    return kind === "stream" ? "the stream" : name.replace(/-\d{12}$/, "");
  };
  return edges
    .filter(({ kind, from }) => kind === "grant" && from === role)
    .flatMap(({ to, label }) => fill(`${label} → ${nameOf(to)}`.split(/(?<= )/), characters));
}
