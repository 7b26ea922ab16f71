// Faults of what the functions ask services for: a user's own requests and the console's meet none.

import { CREDIT_USED_UP, EVENTS_THROTTLED, KEY_REFUSED, THROUGHPUT_EXCEEDED } from "../../chaos/aws-errors";
import type { Faults, RequestFault, ServiceCall } from "../../local/faults";
import type { FaultDefinition } from "./definition";

/** Long enough to be seen, and less than any client waits. */
const SLOW_MS = 800;

/** The nodes that services, and who asks them, have in the diagram. */
export interface RequestNodes {
  readonly bucket: string;
  readonly table: string;
  /** Absent where the function resizes itself. */
  readonly tinypng?: string;
  /** Absent where nobody is told. */
  readonly eventBus?: string;
}

interface Switched {
  readonly service: string;
  readonly fault: RequestFault;
  hit(): void;
}

export function requestFaults(faults: Faults, { bucket, table, tinypng, eventBus }: RequestNodes): FaultDefinition[] {
  const define = defineIn(faults);
  const late = `takes ${SLOW_MS} ms longer`;
  return [
    define("s3", { delayMs: SLOW_MS })({
      name: "slow-s3",
      title: "Slow S3",
      explanation: `Every request of a function to S3 ${late}.`,
      node: bucket,
    }),
    define("dynamodb", { error: THROUGHPUT_EXCEEDED })({
      name: "throttle-dynamodb",
      title: "Throttle DynamoDB",
      explanation: "Every write of a function is refused with ProvisionedThroughputExceededException.",
      node: table,
    }),
    define("dynamodb", { delayMs: SLOW_MS })({
      name: "slow-dynamodb",
      title: "Slow DynamoDB",
      explanation: `Every write of a function ${late}.`,
      node: table,
    }),
    ...(tinypng === undefined
      ? []
      : [
          define("tinify", { error: CREDIT_USED_UP })({
            name: "tinypng-429",
            title: "TinyPNG says 429",
            explanation: "The month's credit is used up: every request to TinyPNG is refused.",
            node: tinypng,
          }),
          define("tinify", { error: KEY_REFUSED })({
            name: "tinypng-401",
            title: "TinyPNG refuses the key",
            explanation: "Every request to TinyPNG gets a 401, as when its key was replaced.",
            node: tinypng,
          }),
          define("tinify", { cut: "before" })({
            name: "tinypng-down",
            title: "TinyPNG is down",
            explanation: "Every connection to TinyPNG breaks without a response.",
            node: tinypng,
          }),
        ]),
    ...(eventBus === undefined
      ? []
      : [
          define("events", { error: EVENTS_THROTTLED })({
            name: "throttle-events",
            title: "Throttle EventBridge",
            explanation: "Every event of a function is refused with ThrottlingException.",
            node: eventBus,
          }),
        ]),
  ];
}

/** Of rules that apply to one request only the first is asked; one rule for all of these lets a slow service refuse, too. */
function defineIn(faults: Faults) {
  const on = new Set<Switched>();
  let takeBack = () => {};

  function request({ service, caller }: ServiceCall): RequestFault | undefined {
    const struck = [...on].filter((each) => each.service === service);
    // To TinyPNG only functions have a way, and it knows no roles.
    if (struck.length === 0 || (service !== "tinify" && caller.kind !== "role")) return undefined;
    for (const { hit } of struck) hit();
    return Object.assign({}, ...struck.map(({ fault }) => fault));
  }

  return (service: string, fault: RequestFault) =>
    (said: Omit<FaultDefinition, "switchOn">): FaultDefinition => ({
      ...said,
      switchOn(hit) {
        const mine = { service, fault, hit };
        if (on.size === 0) takeBack = faults.inject({ request });
        on.add(mine);
        return () => {
          on.delete(mine);
          if (on.size === 0) takeBack();
        };
      },
    });
}
