// The applied stack as a live diagram: photos travel along its edges, nodes say what they do, and faults are switched on
// the nodes that they belong to. The same in words for those who do not see it.

import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { FaultSwitch, FirstState, Hop } from "../types";
import type { Channel } from "./channel";
import { Edge } from "./edge";
import { FaultSwitches } from "./faults";
import { layoutNarrow } from "./layout-narrow";
import { layoutWide } from "./layout-wide";
import { Node } from "./node";
import { NodeDetails } from "./node-details";
import { createTravellers } from "./travellers";

interface StackProps {
  readonly state: FirstState;
  readonly hops: Channel<readonly Hop[]>;
  readonly announce: (text: string) => void;
  readonly onPick: (photo: string) => void;
}

export function Stack({ state, hops, announce, onPick }: StackProps) {
  const { diagram, faults, work, failures, failuresBucket } = state;
  const grid = useRef<HTMLDivElement>(null);
  const [openedId, open] = useState<string>();
  const opened = diagram.nodes.find(({ id }) => id === openedId);
  /** Back to where it was opened. */
  const close = useCallback(() => {
    grid.current?.querySelector<HTMLElement>('[aria-expanded="true"]')?.focus();
    open(undefined);
  }, []);
  const layer = useRef<HTMLDivElement>(null);
  const { wide, narrow, nodes } = useMemo(() => {
    const [wide, narrow] = [layoutWide(diagram), layoutNarrow(diagram)];
    const order = [...narrow.nodes.keys()];
    const nodes = diagram.nodes.filter(({ id }) => narrow.nodes.has(id));
    return { wide, narrow, nodes: nodes.sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id)) };
  }, [diagram]);
  useEffect(() => {
    if (grid.current === null || layer.current === null) return;
    const travellers = createTravellers(grid.current, layer.current);
    const stop = hops.listen(travellers.move);
    return () => {
      stop();
      travellers.close();
    };
  }, [hops]);
  const nameOf = (id: string) => diagram.nodes.find((node) => node.id === id)?.name;
  // A role's are its function's.
  const isAt = ({ node }: FaultSwitch, id: string) =>
    node === id || diagram.edges.some(({ kind, from, to }) => kind === "role" && from === id && to === node);
  const homeless = faults.filter((fault) => !nodes.some(({ id }) => isAt(fault, id)));
  return (
    <section aria-labelledby="stack" class="stack">
      <div class="heading">
        <h2 id="stack">The applied stack</h2>
        <p class="slowly">Each disc is a photo with its profile's id, slowed down so that you can see it.</p>
      </div>
      <div
        ref={grid}
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
            work={work.find((each) => each.node === node.id)}
            records={node.kind === "bucket" && node.name === failuresBucket ? failures.total : undefined}
            faults={faults.filter((fault) => isAt(fault, node.id))}
            isFar={Number.parseInt(wide.nodes.get(node.id)?.column ?? "0", 10) > (3 * wide.gaps) / 2}
            isOpen={node.id === openedId}
            onOpen={open}
            announce={announce}
          />
        ))}
        <div ref={layer} class="travellers" aria-hidden="true" />
      </div>
      {opened !== undefined && (
        <NodeDetails
          key={opened.id}
          node={opened}
          diagram={diagram}
          work={work.find(({ node }) => node === opened.id)}
          onClose={close}
          onPick={onPick}
        />
      )}
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
