// What became of a photo, as the log says it in the field `outcome`. The stack's metrics count these words, so a line has
// one exactly when a photo is done with: its thumbnail is there, it is kept as a failure, or it needs no work.

export type Outcome = "done" | "failed" | "skipped";

/** What a log line says of one photo; without an outcome it is still under way. */
export interface Note {
  readonly message: string;
  readonly outcome?: Outcome;
  readonly profileId?: string;
}

export const skipped = (why: string, profileId?: string): Note => ({
  message: `skipped: ${why}`,
  outcome: "skipped",
  profileId,
});
