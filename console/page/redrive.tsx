// The button that replays a failure record, and what became of it.

import { useState } from "preact/hooks";
import type { RedriveResult } from "../types";
import { messageOf, post } from "./api";

export function Redrive({ record, announce }: { record: string; announce: (text: string) => void }) {
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
      </button>
      <span role="status">{result}</span>
    </p>
  );
}
