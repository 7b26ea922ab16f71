// The applied stack as a live diagram: photos travel along its edges, nodes say what they do, and faults are switched on
// the nodes that they belong to. The same in words for those who do not see it.

import { useMemo } from "preact/hooks";
import type { Diagram, FaultSwitch } from "../types";
import { Edge } from "./edge";
import { FaultSwitches } from "./faults";
import { layoutNarrow } from "./layout-narrow";
import { layoutWide } from "./layout-wide";
import { Node } from "./node";

interface StackProps {
  readonly diagram: Diagram;
  readonly faults: readonly FaultSwitch[];
  readonly announce: (text: string) => void;
}

export function Stack({ diagram, faults, announce }: StackProps) {
  const { wide, narrow, nodes } = useMemo(() => {
    const [wide, narrow] = [layoutWide(diagram), layoutNarrow(diagram)];
    const order = [...narrow.nodes.keys()];
    const nodes = diagram.nodes.filter(({ id }) => narrow.nodes.has(id));
    return { wide, narrow, nodes: nodes.sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id)) };
  }, [diagram]);
  const nameOf = (id: string) => diagram.nodes.find((node) => node.id === id)?.name;
  // A role's are its function's.
  const isAt = ({ node }: FaultSwitch, id: string) =>
    node === id || diagram.edges.some(({ kind, from, to }) => kind === "role" && from === id && to === node);
  const homeless = faults.filter((fault) => !nodes.some(({ id }) => isAt(fault, id)));
  return (
    <section aria-labelledby="stack" class="stack">
      <h2 id="stack">The applied stack</h2>
      <div
        class="diagram"
        style={{ "--gaps": wide.gaps, "--over": wide.lanes, "--aside": narrow.lanes, "--stops": nodes.length }}
      >
        {wide.edges.map((placed) => (
          <Edge key={`${placed.edge.from} ${placed.edge.to}`} wide={placed} narrow={sameEdge(narrow.edges, placed)} />
        ))}
        {nodes.map((node) => (
          <Node
            key={node.id}
            node={node}
            wide={wide.nodes.get(node.id)}
            narrow={narrow.nodes.get(node.id)}
            faults={faults.filter((fault) => isAt(fault, node.id))}
            announce={announce}
          />
        ))}
      </div>
      {homeless.length > 0 && <FaultSwitches faults={homeless} announce={announce} />}
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

const sameEdge = <T extends { readonly edge: unknown }>(edges: readonly T[], { edge }: T): T | undefined =>
  edges.find((each) => each.edge === edge);
