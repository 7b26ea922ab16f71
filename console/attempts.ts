// The invocations of one function for one photo, numbered: the second of six is told as such.

import type { Step } from "./types";

/** Gives each of several invocations of the same function its number, and, once nothing runs any more, how many there were. */
export function numberAttempts(steps: readonly Step[], isOver: boolean): Step[] {
  const counts = new Map<string, number>();
  for (const step of steps) if (isInvocation(step)) counts.set(step.subject, (counts.get(step.subject) ?? 0) + 1);
  const numbers = new Map<string, number>();
  return steps.map((step) => {
    const of = counts.get(step.subject) ?? 0;
    if (!isInvocation(step) || of < 2) return step;
    const number = (numbers.get(step.subject) ?? 0) + 1;
    numbers.set(step.subject, number);
    return { ...step, attempt: { number, ...(isOver && { of }) } };
  });
}

const isInvocation = ({ action, within }: Step): boolean => action === "Invoke" && within === undefined;
