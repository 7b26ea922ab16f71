// The way of one photo, step by step, as it happens.

import type { Failure, Sample, Timeline as TimelineOfPhoto } from "../types";
import { Copy } from "./copy";
import { duration, fileName, timeOfDay } from "./format";
import { Ghost } from "./ghost";
import { RecordActions } from "./record-actions";
import { Samples } from "./samples";
import { Waterfall } from "./waterfall";

export const STATE_WORDS = { running: "under way", done: "thumbnail ready", failed: "failed", skipped: "skipped" };

interface TimelineProps {
  readonly samples: readonly Sample[];
  readonly onUpload: () => void;
  readonly timeline: TimelineOfPhoto | undefined;
  readonly failures: readonly Failure[];
  readonly announce: (text: string) => void;
}

export function Timeline({ timeline, failures, samples, announce, onUpload }: TimelineProps) {
  if (timeline === undefined) {
    return (
      <section aria-labelledby="timeline">
        <h2 id="timeline" class="lead">
          Send a photo
        </h2>
        <p class="facts">Drop one on a profile, your own or one of these, and see here what happens to it.</p>
        <Samples samples={samples} announce={announce} onUpload={onUpload} />
        <Ghost />
      </section>
    );
  }
  const { photo, steps, earlier } = timeline;
  // While it is redriven too, so that what becomes of that is said where it was asked for.
  const isFailing = photo.state === "failed" || photo.state === "running";
  const failure = isFailing ? failures.find(({ photoId }) => photoId === photo.id) : undefined;
  const reason = failure === undefined ? photo.reason : `${failure.sentence} ${failure.code}: ${failure.message}`;
  return (
    <section aria-labelledby="timeline" data-photo={photo.id}>
      <div class="heading">
        <h2 id="timeline" class="lead">
          {fileName(photo.key)}
        </h2>
        <span class={`state ${photo.state}`}>{STATE_WORDS[photo.state]}</span>
      </div>
      <p class="facts">
        {photo.profileId !== undefined && <span>profile {photo.profileId}</span>}
        <span>{timeOfDay(photo.at)}</span>
        <span>{duration(photo.ms)}</span>
        <span class="object-key">
          <code>{photo.key}</code>
          <Copy text={photo.key} label={`Copy the key of ${fileName(photo.key)}`}>
            Copy
          </Copy>
        </span>
      </p>
      {reason !== undefined && (photo.state === "failed" || photo.state === "skipped") && (
        <p class={photo.state === "failed" ? "problem" : "remark"}>{reason}</p>
      )}
      {failure !== undefined && <RecordActions failure={failure} isShown announce={announce} />}
      {earlier > 0 && <p class="empty">{earlier.toLocaleString()} earlier steps are not shown.</p>}
      <Waterfall photo={photo} steps={steps} />
    </section>
  );
}
