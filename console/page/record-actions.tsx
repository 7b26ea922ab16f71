// What one can do about a failure record, and what became of it.

import { useState } from "preact/hooks";
import type { DiscardResult, Failure, RedriveResult } from "../types";
import { messageOf, post } from "./api";
import { ConfirmButton } from "./confirm-button";
import { fileName } from "./format";
import { useKey } from "./keys";
import { addressOf } from "./photo-address";

interface RecordActionsProps {
  readonly failure: Failure;
  /** Whether its photo's timeline is what they stand in: the key for it works here, and no link is needed. */
  readonly isShown?: boolean;
  readonly announce: (text: string) => void;
}

export function RecordActions({ failure, isShown = false, announce }: RecordActionsProps) {
  const { record, photoId } = failure;
  const [busy, setBusy] = useState("");
  const [result, setResult] = useState("");
  const name = nameOf(failure);

  async function act(what: string, work: () => Promise<string>): Promise<void> {
    if (busy !== "") return;
    setBusy(what);
    setResult("");
    try {
      const said = await work();
      setResult(said);
      announce(`${name}: ${said}`);
    } catch (error) {
      setResult(messageOf(error));
    }
    setBusy("");
  }

  const redrive = () =>
    act("Redriving …", async () => {
      const { state, why } = await post<RedriveResult>("/api/redrives", { record });
      if (state === "failed") return `It failed again: ${why}`;
      return state === "succeeded" ? "It succeeded." : "It was superseded.";
    });
  const discard = () =>
    act("Discarding …", async () => {
      const { state, why } = await post<DiscardResult>("/api/discards", { record });
      return state === "kept" ? `It was kept: ${why}` : "It was discarded.";
    });
  useKey("r", isShown ? () => void redrive() : undefined);

  return (
    <p class="actions">
      <button type="button" aria-label={`Redrive ${name}`} disabled={busy !== ""} onClick={() => void redrive()}>
        Redrive
      </button>
      <ConfirmButton
        label={`Discard ${name}`}
        question="Discard permanently?"
        disabled={busy !== ""}
        onConfirm={() => void discard()}
      >
        Discard
      </ConfirmButton>
      {photoId !== undefined && !isShown && (
        <a href={addressOf(photoId)} aria-label={`Show photo ${name}`}>
          Show photo
        </a>
      )}
      <span role="status">{busy || result}</span>
    </p>
  );
}

/** What a record is about, in a word or two. */
export function nameOf({ record, events }: Pick<Failure, "record" | "events">): string {
  const [first] = events;
  if (events.length > 1) return `a batch of ${events.length} photos`;
  return first?.key === undefined ? fileName(record) : fileName(first.key);
}
