// The invocations of one function for one photo, numbered: the second of six is told as such.

import type { Step } from "./types";

/** What ends a series: whoever redrives the event begins another. */
const ENDS = ["AsyncDiscard", "StreamBatchDiscarded"];

/** Gives each of several invocations of the same function its number, and, once nothing runs any more, how many there were. */
export function numberAttempts(steps: readonly Step[], isOver: boolean): Step[] {
  const series = new Map<string, Step[]>();
  const seriesOf = new Map<Step, Step[]>();
  for (const step of steps) {
    if (ENDS.includes(step.action)) series.delete(step.subject);
    if (!isInvocation(step)) continue;
    const its = series.get(step.subject) ?? [];
    its.push(step);
    series.set(step.subject, its);
    seriesOf.set(step, its);
  }
  return steps.map((step) => {
    const its = seriesOf.get(step) ?? [];
    if (its.length < 2) return step;
    const hasEnded = isOver || series.get(step.subject) !== its;
    return { ...step, attempt: { number: its.indexOf(step) + 1, ...(hasEnded && { of: its.length }) } };
  });
}

const isInvocation = ({ action, within }: Step): boolean => action === "Invoke" && within === undefined;
