// A node of the diagram: what it is, what it does, and its faults.

import type { DiagramNode, FaultSwitch, NodeWork } from "../types";
import { NodeFaults } from "./faults";
import { count } from "./format";
import type { Cell } from "./layout";

/** What a node of each kind counts. */
const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  bucket: ["object stored", "objects stored"],
  function: ["run", "runs"],
  table: ["update", "updates"],
  stream: ["change", "changes"],
  service: ["picture", "pictures"],
  bus: ["event", "events"],
};

interface NodeProps {
  readonly node: DiagramNode;
  readonly wide: Cell | undefined;
  readonly narrow: Cell | undefined;
  readonly work: NodeWork | undefined;
  /** Of the node that keeps failure records. */
  readonly records: number | undefined;
  readonly faults: readonly FaultSwitch[];
  /** Whether it stands in the right half of the wide layout, where there is room on the left only. */
  readonly isFar: boolean;
  readonly isOpen: boolean;
  readonly onOpen: (id: string | undefined) => void;
  readonly announce: (text: string) => void;
}

export function Node({ node, wide, narrow, work, records, faults, isFar, isOpen, onOpen, announce }: NodeProps) {
  const { id, kind, name, address } = node;
  const [one = "", many] = UNITS[kind] ?? [];
  const failing = records ?? work?.failing ?? 0;
  const here = work?.here ?? 0;
  const classes = ["node", kind, failing > 0 && "failing", here > 0 && "busy", isFar && "far"];
  return (
    <article
      class={classes.filter(Boolean).join(" ")}
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
        <button
          type="button"
          class="open"
          aria-expanded={isOpen}
          aria-controls={isOpen ? "opened-node" : undefined}
          onClick={() => onOpen(isOpen ? undefined : id)}
        >
          {breakable(name)}
        </button>
      </p>
      <p class="work">
        {records === undefined ? count(work?.count ?? 0, one, many) : count(records, "record")}
        {here > 0 && <span class="here">{here} here</span>}
      </p>
      {failing > 0 && records === undefined && (
        <p class="number-failing">
          {failing}
          <span class="unseen"> {failing === 1 ? "failure" : "failures"} since it last succeeded</span>
        </p>
      )}
      {faults.length > 0 && <NodeFaults faults={faults} of={name} announce={announce} />}
    </article>
  );
}

/** A name may be broken after a hyphen and the like, and before a capital. */
const breakable = (name: string) =>
  name.split(/(?<=[-_.])|(?<=[a-z])(?=[A-Z])/).flatMap((part) => [part, <wbr key={part} />]);
