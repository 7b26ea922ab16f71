// The ways that lead from node to node of the diagram along what moves photos on.

import type { DiagramEdge } from "./types";

export interface Ways {
  /** Whether an edge leads from one to the other. */
  has(from: string, to: string): boolean;
  /** The nodes after the first, up to the last, of the shortest way; of an edge that leads back, and none without a way. */
  between(from: string, to: string): readonly string[];
}

export function createWays(edges: readonly DiagramEdge[]): Ways {
  const next = new Map<string, string[]>();
  for (const { from, to, kind } of edges) {
    if (kind === "flow" || kind === "failure") next.set(from, [...(next.get(from) ?? []), to]);
  }
  const has = (from: string, to: string) => next.get(from)?.includes(to) ?? false;

  function shortest(from: string, to: string): readonly string[] {
    const seen = new Set([from]);
    let ends: (readonly string[])[] = [[from]];
    while (ends.length > 0) {
      const longer = ends.flatMap((way) => (next.get(way.at(-1) ?? "") ?? []).map((node) => [...way, node]));
      const found = longer.find((way) => way.at(-1) === to);
      if (found !== undefined) return found.slice(1);
      ends = longer.filter((way) => !seen.has(way.at(-1) ?? ""));
      for (const way of ends) seen.add(way.at(-1) ?? "");
    }
    return [];
  }

  return { has, between: (from, to) => (has(to, from) ? [to] : shortest(from, to)) };
}
