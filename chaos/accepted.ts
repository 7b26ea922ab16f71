// What S3 accepted: the uploads that it sent an event of, and what their events say of their order.

import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import type { ActivityStream } from "../local/activity";
import type { PlannedUpload } from "./plan";

export interface Accepted {
  readonly upload: PlannedUpload;
  /** The latest time that an event of it carries, ISO 8601: a client that got no response sends the same photo again. */
  readonly time: string;
}

export interface Acceptance {
  /** Remembers what a photo's bytes are, by the ETag that S3 gives them. */
  expect(eTag: string, upload: PlannedUpload): void;
  /** Remembers a photo of nobody's plan. */
  disregard(eTag: string): void;
  /** Remembers what the pipeline itself may store in the place of an upload. */
  ignore(eTags: readonly string[]): void;
  /** How many of nobody's plan were accepted. */
  disregarded(): number;
  /** Each accepted upload once. */
  accepted(): Accepted[];
}

/** Listens to S3 from now on. */
export function watchAcceptance(activity: ActivityStream): Acceptance {
  const expected = new Map<string, PlannedUpload>();
  const unplanned = new Set<string>();
  const ignored = new Set<string>();
  const latest = new Map<string, string>();
  activity.subscribe(({ service, action, detail = {} }) => {
    // The failures bucket may notify as well.
    if (service !== "s3" || action !== "Notify" || !String(detail.key).startsWith(ORIGINAL_PREFIX)) return;
    const eTag = String(detail.etag);
    if (ignored.has(eTag)) return;
    const time = String(detail.eventTime);
    if (time > (latest.get(eTag) ?? "")) latest.set(eTag, time);
  });
  return {
    expect(eTag, upload) {
      const twin = expected.get(eTag);
      if (twin !== undefined) throw new Error(`The uploads ${twin.number} and ${upload.number} have the same bytes`);
      expected.set(eTag, upload);
    },
    disregard: (eTag) => void unplanned.add(eTag),
    ignore(eTags) {
      for (const eTag of eTags) ignored.add(eTag);
    },
    disregarded: () => [...latest.keys()].filter((eTag) => unplanned.has(eTag)).length,
    accepted: () =>
      [...latest]
        .filter(([eTag]) => !unplanned.has(eTag))
        .map(([eTag, time]) => {
          const upload = expected.get(eTag);
          if (upload === undefined) throw new Error(`S3 accepted a photo that nobody sent (ETag ${eTag})`);
          return { upload, time };
        }),
  };
}
