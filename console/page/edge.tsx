// An edge of the diagram: a box whose borders are its line, in the wide and in the narrow layout.

import type { PlacedEdge } from "./layout";

export function Edge({ wide, narrow }: { wide: PlacedEdge; narrow: PlacedEdge | undefined }) {
  const { from, to, kind, label } = wide.edge;
  return (
    <div
      class={`edge ${kind} wide-${wide.route} narrow-${narrow?.route}`}
      data-from={from}
      data-to={to}
      data-wide={wide.route}
      data-narrow={narrow?.route}
      aria-hidden="true"
      style={{
        "--wide-column": wide.column,
        "--wide-row": wide.row,
        "--narrow-column": narrow?.column,
        "--narrow-row": narrow?.row,
      }}
    >
      <span>{label}</span>
    </div>
  );
}
