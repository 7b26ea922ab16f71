// What the emulator gives back otherwise than AWS does. A fault of its own makes no plan of the stack wrong; but one that is
// mended by a newer version must leave this list, so a test fails when a fault is not seen where it should be.

import type { Change } from "./workspace";

interface Fault {
  /** Of the resources that have it. */
  readonly address: RegExp;
  /** The arguments that come back otherwise. */
  readonly changed: readonly string[];
  readonly why: string;
}

export const FAULTS: readonly Fault[] = [
  {
    address: /^aws_cloudwatch_metric_alarm\./,
    changed: ["dimensions"],
    why: "placeholder",
  },
];

/** What of an unchanged stack's plan is no fault of the emulator. */
export const withoutFaults = (plan: readonly Change[]): Change[] =>
  plan.filter((change) => !FAULTS.some((fault) => isOf(fault, change)));

/** The faults that a plan shows nothing of. */
export const unseenFaults = (plan: readonly Change[]): Fault[] =>
  FAULTS.filter((fault) => !plan.some((change) => isOf(fault, change)));

const isOf = ({ address, changed }: Fault, change: Change): boolean =>
  change.actions.join() === "update" &&
  address.test(change.address) &&
  change.changed.every((name) => changed.includes(name));
