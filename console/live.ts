// Pushes what changes to the open pages, as Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html
// Changes are gathered for a moment, so that a thousand at once cost a page one message and not a thousand.

import type { ServerResponse } from "node:http";
import type { Activity, ActivityStream } from "../local/activity";
import type { Chaos } from "./chaos";
import type { Failures } from "./failures";
import type { FaultSwitches } from "./fault-switches";
import type { Journal } from "./journal";
import type { Profiles } from "./profiles";
import { Refusal } from "./refusal";
import { FAILURES_SHOWN, PHOTOS_SHOWN } from "./sizes";
import type { ThumbnailSettings } from "./thumbnail-settings";
import type { Travel } from "./travel";
import type { Update } from "./types";

/** Short enough to look instant. */
const GATHER_MS = 50;
/** A page gets so many changed profiles; when there are more it asks for those that it shows. */
const PROFILES_PUSHED = 100;
const MAX_PAGES = 50;
/** A page that does not read is disconnected, and gets everything again when it comes back. */
const MAX_BACKLOG_BYTES = 4_000_000;

export interface LiveOptions {
  /** The id of this server. */
  readonly server: string;
  readonly activity: Pick<ActivityStream, "subscribe">;
  readonly failuresBucket: string;
  readonly journal: Journal;
  readonly travel: Travel;
  readonly profiles: Profiles;
  readonly failures: Failures;
  readonly faults: FaultSwitches;
  readonly thumbnail: ThumbnailSettings;
  readonly chaos: Chaos;
  readonly onBug: (error: unknown) => void;
}

export interface Live {
  /** Connects a page that watches a photo, or always the newest. */
  connect(response: ServerResponse, photoId: string | undefined): Promise<void>;
  close(): void;
}

interface OpenPage {
  readonly response: ServerResponse;
  readonly photoId: string | undefined;
}

export function createLive(options: LiveOptions): Live {
  const { server, activity, failuresBucket, journal, travel, profiles, failures, faults, chaos, thumbnail, onBug } =
    options;
  const pages = new Set<OpenPage>();
  const changedPhotos = new Set<string>();
  const changedProfiles = new Set<string>();
  let areReordered = false;
  const changed = { failures: false, faults: false, chaos: false, thumbnail: false };
  let timer: NodeJS.Timeout | undefined;

  function schedule(): void {
    if (pages.size > 0) timer ??= setTimeout(() => void flush().catch(onBug), GATHER_MS);
  }

  journal.onChange((photoId) => {
    if (pages.size > 0) changedPhotos.add(photoId);
    schedule();
  });
  const mark = (part: keyof typeof changed) => () => {
    changed[part] = true;
    schedule();
  };
  profiles.onChange(({ changed: some, isReordered }) => {
    if (pages.size === 0) return;
    for (const { id } of some) changedProfiles.add(id);
    areReordered ||= isReordered;
    schedule();
  });
  faults.onChange(mark("faults"));
  thumbnail.onChange(mark("thumbnail"));
  chaos.onChange(mark("chaos"));
  const markFailures = mark("failures");
  const unsubscribe = activity.subscribe((each) => concernsFailures(each, failuresBucket) && markFailures());

  async function flush(): Promise<void> {
    timer = undefined;
    const photoIds = new Set(changedPhotos);
    const parts = { ...changed };
    changedPhotos.clear();
    for (const id of photoIds) changedProfiles.add(journal.photo(id)?.profileId ?? "");
    const hops = travel.takeHops();
    Object.assign(changed, { failures: false, faults: false, chaos: false, thumbnail: false });
    const update: Update = {
      ...(photoIds.size > 0 && { photos: journal.photos(0, PHOTOS_SHOWN), work: travel.work() }),
      ...(hops.length > 0 && { hops }),
      ...takeProfiles(),
      ...(parts.failures && { failures: await failures.page(0, FAILURES_SHOWN) }),
      ...(parts.faults && { faults: faults.list() }),
      ...(parts.thumbnail && { thumbnail: await thumbnail.get() }),
      ...(parts.chaos && { chaos: chaos.current() }),
    };
    for (const page of pages) {
      const { photoId = newest() } = page;
      const isWatched = photoId !== undefined && photoIds.has(photoId);
      const message = isWatched ? { ...update, timeline: journal.timeline(photoId) } : update;
      if (Object.keys(message).length > 0) send(page, message);
    }
  }

  function takeProfiles(): Pick<Update, "profiles"> {
    const some = [...changedProfiles].flatMap((id) => profiles.get(id) ?? []);
    const pushed = areReordered || some.length > PROFILES_PUSHED ? "many" : some;
    changedProfiles.clear();
    areReordered = false;
    return some.length === 0 && pushed !== "many" ? {} : { profiles: pushed };
  }

  const newest = () => journal.photos(0, 1).items[0]?.id;

  function send({ response }: OpenPage, update: Update): void {
    if (response.writableLength > MAX_BACKLOG_BYTES) response.destroy();
    else response.write(`data: ${JSON.stringify(update)}\n\n`);
  }

  return {
    async connect(response, photoId) {
      if (pages.size >= MAX_PAGES) throw new Refusal(503, `The console serves ${MAX_PAGES} open pages at most`);
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      if (pages.size === 0) travel.takeHops(); // Nobody saw them.
      const page = { response, photoId };
      pages.add(page);
      response.on("close", () => pages.delete(page));
      // Whatever happened while nobody was connected.
      const watched = photoId ?? newest();
      const timeline = watched === undefined ? undefined : journal.timeline(watched);
      send(page, {
        server,
        profiles: "many",
        photos: journal.photos(0, PHOTOS_SHOWN),
        failures: await failures.page(0, FAILURES_SHOWN),
        faults: faults.list(),
        work: travel.work(),
        thumbnail: await thumbnail.get(),
        chaos: chaos.current(),
        ...(timeline !== undefined && { timeline }),
      });
    },
    close() {
      clearTimeout(timer);
      unsubscribe();
      for (const { response } of pages) response.end();
    },
  };
}

/** Whether the failures bucket may hold something else now. Lambda's own records are not requests. */
const concernsFailures = ({ action, resource = "" }: Activity, bucket: string): boolean =>
  ["AsyncDiscard", "StreamBatchDiscarded"].includes(action) ||
  (resource.startsWith(`arn:aws:s3:::${bucket}`) && ["PutObject", "DeleteObject", "DeleteObjects"].includes(action));
