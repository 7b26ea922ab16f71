// A node of the diagram: what it is, what it does, and its faults.

import type { DiagramNode, FaultSwitch } from "../types";
import { NodeFaults } from "./faults";
import type { Cell } from "./layout";

interface NodeProps {
  readonly node: DiagramNode;
  readonly wide: Cell | undefined;
  readonly narrow: Cell | undefined;
  readonly faults: readonly FaultSwitch[];
  readonly announce: (text: string) => void;
}

export function Node({ node: { id, kind, name, address }, wide, narrow, faults, announce }: NodeProps) {
  return (
    <article
      class={`node ${kind}`}
      data-node={id}
      aria-label={`${kind} ${name}`}
      style={{
        "--wide-column": wide?.column,
        "--wide-row": wide?.row,
        "--narrow-column": narrow?.column,
        "--narrow-row": narrow?.row,
      }}
    >
      <p class="kind">{kind}</p>
      <p class="name" title={address}>
        {breakable(name)}
      </p>
      {faults.length > 0 && <NodeFaults faults={faults} of={name} announce={announce} />}
    </article>
  );
}

/** A name may be broken after a hyphen and the like, and before a capital. */
const breakable = (name: string) =>
  name.split(/(?<=[-_.])|(?<=[a-z])(?=[A-Z])/).flatMap((part) => [part, <wbr key={part} />]);
