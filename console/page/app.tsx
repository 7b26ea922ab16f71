// The whole page: its regions, and the state that they share.

import { useCallback, useEffect, useState } from "preact/hooks";
import type { FirstState } from "../types";
import { useAddress } from "./address";
import { get, messageOf } from "./api";
import { Chaos } from "./chaos";
import { Failures } from "./failures";
import { useKey } from "./keys";
import { useLive } from "./live";
import { Photos } from "./photos";
import { Profiles } from "./profiles";
import { Stack } from "./stack";
import { Timeline } from "./timeline";
import { Top } from "./top";
import { TryIt } from "./try-it";

const LOST = {
  opening: undefined,
  live: undefined,
  gone: "The server has stopped, and nothing here is up to date. Start it again with npm start: this page reconnects by itself.",
  starting: "The server is starting; this page reconnects by itself.",
  again: undefined,
};

interface AppProps {
  readonly first: FirstState;
  /** Told of the state of another server. */
  readonly onOther: (first: FirstState) => void;
}

export function App({ first, onOther }: AppProps) {
  const [watched, watch] = useAddress();
  const [announcement, announce] = useState("");
  const { state, connection, updates, hops } = useLive(first, watched, onOther);
  const { timeline } = state;
  const lost = LOST[connection];
  const photo = timeline?.photo;

  useEffect(() => {
    if (photo === undefined || photo.state === "running") return;
    const end = { done: "has its thumbnail", failed: "failed", skipped: "was skipped" }[photo.state];
    announce(`${photo.key} ${end} after ${Math.round(photo.ms)} milliseconds`);
  }, [photo?.id, photo?.state]);

  const follow = useCallback(() => watch(undefined), []);
  useKey("/", () => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus());
  const unknown = useUnknownPhoto(watched);

  return (
    <>
      <Top state={state} connection={connection} />
      {[lost, state.uploadProblem].map(
        (problem) =>
          problem !== undefined && (
            <p key={problem} class="problem banner" role="alert">
              {problem}
            </p>
          ),
      )}
      <main>
        <Stack state={state} hops={hops} announce={announce} onPick={watch} />
        <div class="region pick">
          <Profiles
            first={first}
            pushed={updates}
            failures={state.failures.items}
            announce={announce}
            onUpload={follow}
            onShow={watch}
          />
          <TryIt
            thumbnail={state.thumbnail}
            samples={timeline === undefined ? undefined : state.samples}
            announce={announce}
            onUpload={follow}
          />
        </div>
        <div class="region way">
          {unknown !== undefined && (
            <p class="remark" role="status">
              {unknown} This is the newest one.
            </p>
          )}
          <Timeline
            timeline={timeline}
            failures={state.failures.items}
            samples={state.samples}
            announce={announce}
            onUpload={follow}
          />
        </div>
        <div class="region past">
          <Photos page={state.photos} shown={photo?.id} isFollowing={watched === undefined} onPick={watch} />
          <Failures page={state.failures} announce={announce} />
          <Chaos run={state.chaos} />
        </div>
      </main>
      <p class="unseen" aria-live="polite">
        {announcement}
      </p>
    </>
  );
}

/** A server remembers the photos that it has seen, and an address may be of another one. */
function useUnknownPhoto(photoId: string | undefined): string | undefined {
  const [unknown, setUnknown] = useState<string>();
  useEffect(() => {
    setUnknown(undefined);
    if (photoId === undefined) return;
    get(`/api/photos/${encodeURIComponent(photoId)}`).catch((error) => setUnknown(`${messageOf(error)}.`));
  }, [photoId]);
  return unknown;
}
