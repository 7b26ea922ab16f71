// What becomes of photos that were sent: a thumbnail, or a failure record that says why there is none. No event of
// AWS's reaches a client, so this asks again and again, ever less often while nothing happens.

import { setTimeout } from "node:timers/promises";
import { thumbnailKeyOf } from "../functions/lib/keys";
import { storedAs, unquoted } from "../functions/lib/stored-as";
import type { Deployment } from "./deployment";
import type { FailedPhoto, FailureNews } from "./failure-news";
import { inParallel } from "./in-parallel";
import { head, namesThumbnailsOf } from "./thumbnail-state";
import { readProfile } from "./withdraw";

interface SentPhoto {
  readonly profileId: string;
  readonly key: string;
}

/** Where its thumbnail is, or else why there is none. */
export interface Fate {
  readonly thumbnail?: string;
  readonly why?: string;
  /** The key of the failure record. */
  readonly record?: string;
}

interface WaitOptions<P> {
  /** After the last photo was sent. */
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
  onFate(photo: P, fate: Fate): void;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;
const GROWTH = 1.5;
/** Photos asked about at a time. */
const CONCURRENCY = 10;

export function createThumbnailWait<P extends SentPhoto>(
  deployment: Deployment,
  failures: FailureNews,
  { timeoutMs, stop, onFate }: WaitOptions<P>,
) {
  /** With their ETags, without quotes. */
  const waiting = new Map<P, string>();
  /** Those whose profile had them: it may lose them to a newer photo, but not get them again. */
  const wereSet = new Set<P>();
  /** By the photo's key. One may be told of before the photo itself is known to be sent. */
  const failed = new Map<string, FailedPhoto>();
  let lastSent = performance.now();

  async function fateOf(photo: P, eTag: string): Promise<Fate | undefined> {
    const { profileId, key } = photo;
    const failure = failed.get(key);
    if (failure !== undefined) return { why: await failure.why(), record: failure.record };
    const profile = await readProfile(deployment, profileId);
    if (profile?.image?.S === key) {
      wereSet.add(photo);
      const ofPhoto = profile.imageETag?.S === eTag ? eTag : await strippedETag(key, eTag);
      return namesThumbnailsOf(deployment, profile, key, ofPhoto) ? { thumbnail: thumbnailKeyOf(key) } : undefined;
    }
    return wereSet.has(photo) ? { why: `profile ${profileId} has got another photo meanwhile` } : undefined;
  }

  /** Of what is there of a photo, which may have lost its place: see the setting `stripOriginals`. */
  const strippedETag = async (key: string, eTag: string): Promise<string> =>
    storedAs({ eTag }, await head(deployment, key)) ?? eTag;

  async function lookAtAll(): Promise<void> {
    for (const failure of await failures()) failed.set(failure.key, failure);
    await inParallel(waiting, CONCURRENCY, async ([photo, eTag]) => {
      const fate = await fateOf(photo, eTag);
      if (fate !== undefined) settle(photo, fate);
    });
  }

  function settle(photo: P, fate: Fate): void {
    waiting.delete(photo);
    onFate(photo, fate);
  }

  return {
    /** Waits for one more. */
    add(photo: P, eTag: string): void {
      lastSent = performance.now();
      waiting.set(photo, unquoted(eTag));
    },

    /** Resolves when all photos are sent and none waits any more; rejects when it is stopped, or a photo's sending does. */
    async finish(allSent: Promise<void>): Promise<void> {
      let isMoreToCome = true;
      const end = allSent.finally(() => {
        isMoreToCome = false;
      });
      end.catch(() => {}); // It is awaited below.
      let pause = FIRST_PAUSE_MS;
      while (isMoreToCome || waiting.size > 0) {
        await setTimeout(pause, undefined, { signal: stop });
        const before = waiting.size;
        await lookAtAll();
        pause = waiting.size < before ? FIRST_PAUSE_MS : Math.min(pause * GROWTH, LONGEST_PAUSE_MS);
        if (isMoreToCome || performance.now() - lastSent < timeoutMs) continue;
        for (const photo of waiting.keys()) settle(photo, { why: `it has no thumbnail after ${timeoutMs / 1000} s` });
      }
      await end;
    },
  };
}
