// How old a stream's records are to the mapping. Back-offs are shortened here (see time-scale.ts), so the time that was
// not waited counts towards the age: a record is given up after as many attempts as on AWS, only sooner.

import type { StreamRecord, TableStream } from "../../dynamodb/types";

/** Records are in the stream for 24 hours and cannot be retried beyond, whatever the mapping allows. */
export const RETENTION_SECONDS = 24 * 60 * 60;

export interface AgeClock {
  /** Notes seconds that AWS would have waited and we did not. */
  skip(seconds: number): void;
  /** Seconds since the record was written, as on AWS. */
  ageOf(record: StreamRecord): number;
  /** Forgets what was skipped: nothing in the stream was there to wait. */
  caughtUp(): void;
}

/** Creates the clock of one reader of a stream. */
export function createAgeClock(stream: TableStream): AgeClock {
  /** Skipped seconds, each with the newest record that had to wait them. */
  let skips: { upTo: bigint; seconds: number }[] = [];
  return {
    skip(seconds) {
      const upTo = BigInt(stream.latest() ?? 0);
      const last = skips.at(-1);
      if (last?.upTo === upTo) last.seconds += seconds;
      else skips.push({ upTo, seconds });
    },
    ageOf(record) {
      const sequenceNumber = BigInt(record.dynamodb.SequenceNumber);
      const skipped = skips.reduce((sum, { upTo, seconds }) => sum + (sequenceNumber <= upTo ? seconds : 0), 0);
      return (Date.now() - stream.addedAt(record)) / 1000 + skipped;
    },
    caughtUp() {
      skips = [];
    },
  };
}
