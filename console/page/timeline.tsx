// The way of one photo, step by step, as it happens.

import type { Failure, Timeline as TimelineOfPhoto } from "../types";
import { duration, fileName, timeOfDay } from "./format";
import { Redrive } from "./redrive";
import { StepRow } from "./step";

export const STATE_WORDS = { running: "under way", done: "thumbnail ready", failed: "failed", skipped: "skipped" };

interface TimelineProps {
  readonly timeline: TimelineOfPhoto | undefined;
  readonly failures: readonly Failure[];
  readonly announce: (text: string) => void;
}

export function Timeline({ timeline, failures, announce }: TimelineProps) {
  if (timeline === undefined) {
    return (
      <section aria-labelledby="timeline">
        <h2 id="timeline">Timeline</h2>
        <p class="empty">Drop a photo on a profile, and see here what happens to it.</p>
      </section>
    );
  }
  const { photo, steps, earlier } = timeline;
  const failure = photo.state === "failed" ? failures.find((each) => isOf(each, photo)) : undefined;
  const reason = failure === undefined ? photo.reason : `${failure.code}: ${failure.message}`;
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
        <code title={photo.key}>{photo.key}</code>
      </p>
      {reason !== undefined && (photo.state === "failed" || photo.state === "skipped") && (
        <p class={photo.state === "failed" ? "problem" : "remark"}>{reason}</p>
      )}
      {failure !== undefined && <Redrive record={failure.record} of={fileName(photo.key)} announce={announce} />}
      {earlier > 0 && <p class="empty">{earlier.toLocaleString()} earlier steps are not shown.</p>}
      <ol class="steps">
        {steps.map((step) => (
          <StepRow key={step.id} step={step} photo={photo} />
        ))}
      </ol>
    </section>
  );
}

/** Lambda's record of a batch does not say its key in the photo's activities, but holds the photo's key. */
const isOf = ({ record, events }: Failure, { key, failureKey }: TimelineOfPhoto["photo"]): boolean =>
  record === failureKey || (failureKey === undefined && events.some((event) => event.key === key));
