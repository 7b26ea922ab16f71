// One step: when, what, how long, and, opened, the event, the log lines and IAM's decisions.

import { useState } from "preact/hooks";
import type { Photo, Step, StepDetails } from "../types";
import { get, messageOf } from "./api";
import { duration } from "./format";
import { readableLine } from "./log-line";

const SERVICES: Readonly<Record<string, string>> = {
  s3: "S3",
  dynamodb: "DynamoDB",
  lambda: "Lambda",
  tinify: "TinyPNG",
  ssm: "Systems Manager",
};

/** TinyPNG's operations have no names of their own but paths. */
const TINYPNG_ACTIONS: Readonly<Record<string, string>> = { Result: "Resize", GetResult: "Download" };

export function StepRow({ step, photo }: { step: Step; photo: Photo }) {
  const { id, service, action, subject, at, ms, isRunning = false, within, error, notes } = step;
  const [details, setDetails] = useState<StepDetails>();
  const [problem, setProblem] = useState("");

  function open(isOpen: boolean): void {
    if (!isOpen) return;
    get<StepDetails>(`/api/photos/${encodeURIComponent(photo.id)}/steps/${id}`).then(setDetails, (thrown) =>
      setProblem(messageOf(thrown)),
    );
  }

  const total = Math.max(photo.ms, 1);
  const share = (part: number) => `${Math.min(100, Math.max(0, (part / total) * 100)).toFixed(2)}%`;
  const end = isRunning ? total : at - photo.at + (ms ?? 0);
  const classes = [
    "step",
    service,
    within !== undefined && "within",
    error !== undefined && "wrong",
    isRunning && "running",
  ];
  return (
    <li class={classes.filter(Boolean).join(" ")} data-action={action}>
      <details onToggle={({ currentTarget }) => open(currentTarget.open)}>
        <summary>
          <span class="offset">{duration(at - photo.at)}</span>
          <span class="what">
            <b>{TINYPNG_ACTIONS[action] ?? action}</b> <span class="subject">{subject}</span>
          </span>
          <span class="ms">{isRunning ? "running" : ms === undefined ? "" : duration(ms)}</span>
          <span class="bar" style={{ left: share(at - photo.at), width: share(end - (at - photo.at)) }} />
          <span class="notes">
            <span class="service">{SERVICES[service] ?? service}</span>
            {error !== undefined && <span class="error">{error}</span>}
            {notes.map((note) => (
              <span key={note}>{note}</span>
            ))}
          </span>
        </summary>
        {problem !== "" && <p class="problem">{problem}</p>}
        {details !== undefined && <Details {...details} />}
      </details>
    </li>
  );
}

function Details({ event, detail, log, decisions }: StepDetails) {
  const isEmpty = event === undefined && detail === undefined && log.length === 0 && decisions.length === 0;
  return (
    <div class="details">
      {isEmpty && <p>Nothing more is known of this step.</p>}
      {decisions.length > 0 && (
        <>
          <h3>IAM decided</h3>
          <ul class="decisions">
            {decisions.map(({ action, resource, decision, reason }) => (
              <li key={action + resource} class={decision === "Allow" ? "allowed" : "denied"}>
                <b>{decision}</b> <code>{action}</code> on <code>{resource}</code>, {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      {log.length > 0 && (
        <>
          <h3>Log</h3>
          <pre>{log.map(readableLine).join("\n")}</pre>
        </>
      )}
      {event !== undefined && (
        <>
          <h3>Event</h3>
          <pre>{JSON.stringify(event, undefined, 2)}</pre>
        </>
      )}
      {detail !== undefined && event === undefined && (
        <>
          <h3>Activity</h3>
          <pre>{JSON.stringify(detail, undefined, 2)}</pre>
        </>
      )}
    </div>
  );
}
