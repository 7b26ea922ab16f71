// The button that replays a failure record, and what became of it.

import { useState } from "preact/hooks";
import type { RedriveResult } from "../types";
import { messageOf, post } from "./api";

interface RedriveProps {
  readonly record: string;
  /** The photo's name, by which one button is told from another. */
  readonly of: string;
  readonly announce: (text: string) => void;
}

export function Redrive({ record, of, announce }: RedriveProps) {
  const [isBusy, setBusy] = useState(false);
  const [result, setResult] = useState("");

  async function redrive(): Promise<void> {
    setBusy(true);
    setResult("");
    try {
      const { state, why } = await post<RedriveResult>("/api/redrives", { record });
      setResult(
        why === undefined ? `It ${state === "succeeded" ? "succeeded" : "was superseded"}.` : `It failed again: ${why}`,
      );
      announce(`Redrive ${state}`);
    } catch (error) {
      setResult(messageOf(error));
    }
    setBusy(false);
  }

  return (
    <p class="redrive">
      <button type="button" disabled={isBusy} onClick={() => void redrive()}>
        {isBusy ? "Redriving …" : "Redrive"}
        <span class="unseen"> {of}</span>
      </button>
      <span role="status">{result}</span>
    </p>
  );
}
