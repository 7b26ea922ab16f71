// The invocations that are to be killed at one of their calls: Lambda registers them, and the edge, which sees the calls,
// kills them. The X-Ray header of a call says which invocation made it.

/** Kills the instance that runs an invocation; resolves when its process is gone. */
export type Kill = () => Promise<void>;

export interface Kills {
  /** Has an invocation killed at its n-th call, until the returned function is called. */
  enter(traceId: string, atCall: number, kill: Kill): () => void;
  /** Counts a call; returns what kills its caller, if this is the one. */
  ofCall(traceId: string | undefined): Kill | undefined;
}

/** Creates the empty list of one embedded AWS. */
export function createKills(): Kills {
  const entries = new Map<string, { callsLeft: number; readonly kill: Kill }>();
  return {
    enter(traceId, atCall, kill) {
      const entry = { callsLeft: atCall, kill };
      entries.set(traceId, entry);
      return () => {
        if (entries.get(traceId) === entry) entries.delete(traceId);
      };
    },
    ofCall(traceId = "") {
      const entry = entries.get(traceId);
      if (entry === undefined) return undefined;
      entry.callsLeft -= 1;
      return entry.callsLeft === 0 ? entry.kill : undefined;
    },
  };
}
