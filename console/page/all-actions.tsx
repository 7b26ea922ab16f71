// What one can do about all failure records at once.

import { useState } from "preact/hooks";
import type { Counts, DiscardResult, RedriveResult } from "../types";
import { messageOf, post } from "./api";
import { ConfirmButton } from "./confirm-button";
import { inWords } from "./format";

interface AllActionsProps {
  readonly total: number;
  readonly announce: (text: string) => void;
}

export function AllActions({ total, announce }: AllActionsProps) {
  const [busy, setBusy] = useState("");
  const [result, setResult] = useState("");

  async function act(what: string, work: () => Promise<Counts<string>>): Promise<void> {
    setBusy(what);
    setResult("");
    try {
      const said = inWords(await work());
      setResult(said);
      announce(said);
    } catch (error) {
      setResult(messageOf(error));
    }
    setBusy("");
  }

  return (
    <p class="actions">
      <span role="status">{busy || result}</span>
      {total > 0 && (
        <>
          <button
            type="button"
            disabled={busy !== ""}
            onClick={() => void act("Redriving …", () => post<Counts<RedriveResult["state"]>>("/api/redrives/all", {}))}
          >
            Redrive all
          </button>
          <ConfirmButton
            label="Discard all"
            question={`Discard ${total} permanently?`}
            disabled={busy !== ""}
            onConfirm={() =>
              void act("Discarding …", () => post<Counts<DiscardResult["state"]>>("/api/discards/all", { total }))
            }
          >
            Discard all
          </ConfirmButton>
        </>
      )}
    </p>
  );
}
