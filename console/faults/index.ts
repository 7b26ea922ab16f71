// All faults that the console can switch on in an applied stack, each at its node of the diagram.

import type { EmbeddedAws } from "../../local";
import type { Stack } from "../../local/template/read-stack";
import type { Diagram, DiagramNode } from "../types";
import type { FaultDefinition } from "./definition";
import { deliveryFaults } from "./deliveries";
import { functionFaults } from "./functions";
import { permissionFaults } from "./permissions";
import { requestFaults } from "./requests";

export interface FaultPlaces {
  readonly aws: Pick<EmbeddedAws, "faults" | "iam" | "activity">;
  readonly stack: Stack;
  readonly diagram: Diagram;
  readonly names: { readonly bucket: string; readonly table: string; readonly functions: readonly string[] };
}

/** Along the way of a photo. */
export function faultsOf({ aws, stack, diagram: { nodes }, names }: FaultPlaces): FaultDefinition[] {
  const ofKind = (kind: DiagramNode["kind"]) => nodes.filter((node) => node.kind === kind);
  const idOf = (kind: DiagramNode["kind"], name: string) => ofKind(kind).find((node) => node.name === name)?.id ?? kind;
  const [bucket, table] = [idOf("bucket", names.bucket), idOf("table", names.table)];
  const [[tinypng], [eventBus]] = [ofKind("service"), ofKind("bus")];
  const stream = ofKind("stream").find(({ id }) => id.startsWith(table))?.id ?? table;
  const definitions = [
    ...deliveryFaults(aws.faults, { bucket, stream }),
    ...requestFaults(aws.faults, { bucket, table, tinypng: tinypng?.id, eventBus: eventBus?.id }),
    ...functionFaults(aws.faults, ofKind("function")),
    ...permissionFaults(aws, stack, ofKind("role")),
  ];
  const order = new Map(nodes.map(({ id }, index) => [id, index]));
  const place = ({ node }: FaultDefinition) => order.get(node) ?? nodes.length;
  return definitions.sort((one, other) => place(one) - place(other));
}
