// "At least once" made visible: every event arrives twice, and of two events that come close together the later one
// arrives first. A function that is correct with this is correct with whatever AWS may do.

/** How long an event waits for a later one that could overtake it. */
const HOLD_MS = 100;

/** Repeats and reorders the events in front of a queue. */
export function createScrambler<T>(deliver: (event: T) => void) {
  let held: (() => T) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function release(later?: () => T): void {
    clearTimeout(timer);
    const earlier = held;
    held = undefined;
    const order = [later, earlier, later, earlier].filter((create) => create !== undefined);
    for (const create of order) deliver(create());
  }

  return {
    /** Takes an event; `create` makes a copy of it for each delivery. */
    add(create: () => T): void {
      if (held !== undefined) {
        release(create);
        return;
      }
      held = create;
      timer = setTimeout(release, HOLD_MS);
    },
    close(): void {
      clearTimeout(timer);
      held = undefined;
    },
  };
}
