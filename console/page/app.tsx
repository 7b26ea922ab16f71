// The whole page: its sections, and the state that they share.

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { FirstState } from "../types";
import { Failures } from "./failures";
import { Faults } from "./faults";
import { useLive } from "./live";
import { Photos } from "./photos";
import { Profiles } from "./profiles";
import { Stack } from "./stack";
import { Timeline } from "./timeline";

const STATES = { live: "live", gone: "gone", starting: "starting …", again: "connecting again …" };

const LOST = {
  gone: "The server is gone, and nothing here is up to date. Start it again with npm start: this page comes back by itself.",
  starting: "The server is starting; this page comes back by itself.",
  again: undefined,
};

interface AppProps {
  readonly first: FirstState;
  /** Told of the state of another server. */
  readonly onOther: (first: FirstState) => void;
}

export function App({ first, onOther }: AppProps) {
  const [watched, watch] = useState<string>();
  const [announcement, announce] = useState("");
  const { state, connection, updates } = useLive(first, watched, onOther);
  const { timeline } = state;
  const lost = connection === "live" ? undefined : LOST[connection];
  const photo = timeline?.photo;

  useEffect(() => {
    if (photo === undefined || photo.state === "running") return;
    const end = { done: "has its thumbnail", failed: "failed", skipped: "was skipped" }[photo.state];
    announce(`${photo.key} ${end} after ${Math.round(photo.ms)} milliseconds`);
  }, [photo?.id, photo?.state]);

  // The diagram is half of the page, stands below the first screen and never changes: it comes after the first paint.
  const [isPainted, setPainted] = useState(false);
  useEffect(() => setPainted(true), []);
  const stack = useMemo(() => isPainted && <Stack diagram={state.diagram} />, [isPainted, state.diagram]);
  const follow = useCallback(() => watch(undefined), []);

  return (
    <>
      <header class="top">
        <h1>profile-image</h1>
        <p class="where">
          <span class={`connection ${connection}`} role="status">
            {STATES[connection]}
          </span>
          <code>{state.endpoint}</code>
          <span>{state.region}</span>
        </p>
      </header>
      {lost !== undefined && (
        <p class="problem" role="alert">
          {lost}
        </p>
      )}
      {state.uploadProblem !== undefined && (
        <p class="problem" role="alert">
          {state.uploadProblem}
        </p>
      )}
      <main>
        <div class="column">
          <Profiles first={first} pushed={updates} announce={announce} onUpload={follow} />
          <Faults faults={state.faults} announce={announce} />
          <Failures page={state.failures} announce={announce} />
        </div>
        <div class="column">
          <Timeline timeline={timeline} failures={state.failures.items} announce={announce} />
          <Photos page={state.photos} shown={photo?.id} isFollowing={watched === undefined} onPick={watch} />
        </div>
        {stack}
      </main>
      <p class="unseen" aria-live="polite">
        {announcement}
      </p>
    </>
  );
}
