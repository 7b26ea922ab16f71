// What S3 accepted: the uploads that it sent an event of, and their order, by S3's own word.

import type { ActivityStream } from "../../local/activity";
import type { PlannedUpload } from "./plan";

export interface Accepted {
  readonly upload: PlannedUpload;
  /** Greater as text for the later upload: the event's time, then the sequencer. */
  readonly order: string;
}

export interface Acceptance {
  /** Remembers what a photo's bytes are, by the ETag that S3 gives them. */
  expect(eTag: string, upload: PlannedUpload): void;
  /** Each accepted upload once, as of its latest event: a client that got no answer sends the same photo again. */
  accepted(): Accepted[];
}

const SEQUENCER_DIGITS = 32;

/** Listens to S3 from now on. */
export function watchAcceptance(activity: ActivityStream): Acceptance {
  const expected = new Map<string, PlannedUpload>();
  const latest = new Map<string, string>();
  activity.subscribe(({ service, action, detail = {} }) => {
    if (service !== "s3" || action !== "Notify") return;
    const eTag = String(detail.etag);
    const order = `${detail.eventTime}#${String(detail.sequencer).padEnd(SEQUENCER_DIGITS, "0")}`;
    if (order > (latest.get(eTag) ?? "")) latest.set(eTag, order);
  });
  return {
    expect(eTag, upload) {
      const twin = expected.get(eTag);
      if (twin !== undefined) throw new Error(`The uploads ${twin.number} and ${upload.number} have the same bytes`);
      expected.set(eTag, upload);
    },
    accepted: () =>
      [...latest].map(([eTag, order]) => {
        const upload = expected.get(eTag);
        if (upload === undefined) throw new Error(`S3 accepted a photo that nobody sent (ETag ${eTag})`);
        return { upload, order };
      }),
  };
}
