// The applied stack as a diagram, and the same in words for those who do not see it.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { Diagram } from "../types";
import { LINE, type PlacedEdge, type PlacedNode } from "./layout";
import { layoutNarrow } from "./layout-narrow";
import { layoutWide } from "./layout-wide";

const WIDE = matchMedia("(min-width: 980px)");

export function Stack({ diagram }: { diagram: Diagram }) {
  const [isWide, setWide] = useState(WIDE.matches);
  useEffect(() => {
    const listener = () => setWide(WIDE.matches);
    WIDE.addEventListener("change", listener);
    return () => WIDE.removeEventListener("change", listener);
  }, []);
  const { width, height, nodes, edges } = useMemo(
    () => (isWide ? layoutWide(diagram) : layoutNarrow(diagram)),
    [diagram, isWide],
  );
  const nameOf = (id: string) => diagram.nodes.find((node) => node.id === id)?.name;
  return (
    <section aria-labelledby="stack" class="stack">
      <h2 id="stack">The applied stack</h2>
      <svg class="diagram" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <defs>
          <marker id="tip" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0L8 4L0 8z" />
          </marker>
        </defs>
        {edges.map((edge) => (
          <Edge key={`${edge.from} ${edge.to} ${edge.kind}`} edge={edge} />
        ))}
        {nodes.map((node) => (
          <Node key={node.id} node={node} />
        ))}
      </svg>
      <ul class="unseen">
        {diagram.edges.map(({ from, to, kind, label }) => (
          <li key={`${from} ${to} ${kind}`}>
            {nameOf(from)} to {nameOf(to)}: {label}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Edge({ edge: { path, at, kind, label } }: { edge: PlacedEdge }) {
  return (
    <g class={`edge ${kind}`}>
      <path d={path} marker-end={kind === "flow" ? "url(#tip)" : undefined} />
      {at !== undefined && (
        <text x={at.x} y={at.y}>
          {label}
        </text>
      )}
    </g>
  );
}

function Node({ node: { x, y, width, height, kind, lines, address } }: { node: PlacedNode }) {
  return (
    <g class={`node ${kind}`} transform={`translate(${x} ${y})`}>
      <title>{address}</title>
      <rect width={width} height={height} rx="8" />
      <text class="kind" x="12" y="18">
        {kind}
      </text>
      {lines.map((line, index) => (
        <text key={line} class={index > 0 && kind === "role" ? "may" : "name"} x="12" y={35 + index * LINE}>
          {line}
        </text>
      ))}
    </g>
  );
}
