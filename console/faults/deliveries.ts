// Faults of the ways to the functions: AWS promises to deliver at least once, and not in which order.

import type { Faults } from "../../local/faults";
import { type FaultDefinition, ruleFault } from "./definition";

export function deliveryFaults(
  faults: Faults,
  { bucket, stream }: { bucket: string; stream: string },
): FaultDefinition[] {
  const from = (isMeant: (trigger: string) => boolean) => (hit: () => void) => ({
    repeats({ trigger }: { trigger: string }) {
      if (!isMeant(trigger)) return false;
      hit();
      return true;
    },
  });
  return [
    ruleFault(
      faults,
      {
        name: "repeat-events",
        title: "Events twice and out of order",
        explanation: "Each event of the bucket comes twice, and of two that come close together the later one first.",
        node: bucket,
      },
      from((trigger) => trigger.startsWith("s3.")),
    ),
    ruleFault(
      faults,
      {
        name: "repeat-batches",
        title: "Batches twice",
        explanation: "Each batch of the stream is delivered a second time after it succeeded.",
        node: stream,
      },
      from((trigger) => trigger === "dynamodb"),
    ),
  ];
}
