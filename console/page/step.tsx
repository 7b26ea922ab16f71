// One row of the waterfall: what, when on the axis, and how long; opened, all that is known of it.

import { useState } from "preact/hooks";
import type { Photo, StepDetails } from "../types";
import { get, messageOf } from "./api";
import { duration } from "./format";
import { Details } from "./step-details";
import { attemptOf, nameOf, objectOf, SERVICES } from "./step-words";
import type { Row, Span } from "./waterfall-layout";

interface StepRowProps {
  readonly row: Row;
  readonly photo: Photo;
  /** Where the bar of the invocation lies that it happened in. */
  readonly outer?: Span;
}

/** As narrow as can be seen, in percent. */
const LEAST_WIDTH = 0.7;

export function StepRow({ row, photo, outer }: StepRowProps) {
  const { step, inside, x, width, error } = row;
  const { id, service, action, ms, isRunning = false, within, notes } = step;
  const [details, setDetails] = useState<StepDetails>();
  const [problem, setProblem] = useState("");
  const [isUnfolded, setUnfolded] = useState<boolean>();
  const isShown = isUnfolded ?? !row.isFolded;
  const name = nameOf(step);
  const attempt = attemptOf(step);

  function open(isOpen: boolean): void {
    if (!isOpen) return;
    setProblem("");
    get<StepDetails>(`/api/photos/${encodeURIComponent(photo.id)}/steps/${id}`).then(setDetails, (thrown) =>
      setProblem(messageOf(thrown)),
    );
  }

  const wrong = error !== undefined;
  const classes = ["step", service, within !== undefined && "within", wrong && "wrong", isRunning && "running"];
  return (
    <li class={classes.filter(Boolean).join(" ")} data-action={action}>
      {inside.length > 0 && (
        <button
          type="button"
          class="fold"
          aria-expanded={isShown}
          aria-label={`Steps of ${name}${attempt}`}
          onClick={() => setUnfolded(!isShown)}
        />
      )}
      <details onToggle={({ currentTarget }) => open(currentTarget.open)}>
        <summary title={titleOf(row, photo)}>
          <span class="what">
            <b>{name}</b>
            {attempt}
            {wrong && <span class="error"> · {error}</span>}
            <span class="notes">{notes.map((note) => ` · ${note}`).join("")}</span>{" "}
            <span class="subject">{objectOf(step)}</span>
          </span>
          <svg class="lane" aria-hidden="true">
            {outer !== undefined && <rect class="outer" x={percent(outer.x)} width={percent(outer.width)} />}
            {ms === undefined && !isRunning ? (
              <circle class="bar" cx={percent(x)} cy="50%" r="3.5" />
            ) : (
              <rect
                class="bar"
                x={percent(Math.min(x, 100 - LEAST_WIDTH))}
                width={percent(Math.max(width, LEAST_WIDTH))}
                rx="2"
              />
            )}
          </svg>
          <span class="ms">{isRunning ? "running" : ms === undefined ? "" : duration(ms)}</span>
        </summary>
        {problem !== "" && <p class="problem">{problem}</p>}
        {details !== undefined && <Details {...details} />}
      </details>
      {isShown && inside.length > 0 && (
        <ol>
          {inside.map((each) => (
            <StepRow key={each.step.id} row={each} photo={photo} outer={row} />
          ))}
        </ol>
      )}
    </li>
  );
}

/** What may have no room in the row, too. */
const titleOf = ({ step, error }: Row, photo: Photo): string =>
  [SERVICES[step.service], error, `${duration(step.at - photo.at)} after the upload`, ...step.notes]
    .filter((each) => each !== undefined)
    .join(" · ");

const percent = (part: number): string => `${part.toFixed(2)}%`;
