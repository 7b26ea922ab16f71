// Runs chaos and shows its verdict: what became of each of a hundred photos while everything failed that can.

import { useState } from "preact/hooks";
import type { ChaosRun, ChaosVerdict } from "../types";
import { messageOf, post } from "./api";
import { count, duration, inWords } from "./format";

const MEANINGS: Readonly<Record<keyof ChaosVerdict["verdicts"], string>> = {
  correct: "have the correct thumbnail",
  superseded: "a newer photo took their place",
  failed: "are kept as failure records, with the reason",
  lost: "were lost",
  wrong: "have a wrong thumbnail",
};

export function Chaos({ run: { isRunning, progress, verdict, problem } }: { run: ChaosRun }) {
  const [refusal, setRefusal] = useState("");
  const start = () =>
    post("/api/chaos", {}).then(
      () => setRefusal(""),
      (error) => setRefusal(messageOf(error)),
    );
  return (
    <section aria-labelledby="chaos" class="chaos">
      <div class="heading">
        <h2 id="chaos">Chaos</h2>
        <button type="button" disabled={isRunning} onClick={() => void start()}>
          Run chaos
        </button>
      </div>
      {isRunning ? (
        <p role="status">Under way: {progress} …</p>
      ) : (
        verdict === undefined && (
          <p class="empty">
            A hundred photos on an embedded AWS of their own, while all of its services fail, functions are killed and
            every event comes twice: is none lost?
          </p>
        )
      )}
      {!isRunning && verdict !== undefined && <Verdict {...verdict} />}
      {[problem && `The run gave no verdict: ${problem}`, refusal].map(
        (text) =>
          text && (
            <p key={text} class="problem" role="alert">
              {text}
            </p>
          ),
      )}
    </section>
  );
}

function Verdict({ seed, uploads, accepted, verdicts, redriven, faults, broken, ms }: ChaosVerdict) {
  const states = Object.entries(MEANINGS) as [keyof typeof MEANINGS, string][];
  return (
    <div class="verdict">
      <p class={broken.length === 0 ? "state done" : "state failed"} role="status">
        {broken.length === 0 ? "No promise was broken" : `${count(broken.length, "promise")} broken`}
      </p>
      <p class="facts">
        {count(faults, "fault")} in {duration(ms)}; {accepted} of {uploads} uploads were accepted, of which
      </p>
      <dl>
        {states.map(([state, meaning]) => (
          <div key={state} class={verdicts[state] === 0 ? "none" : state}>
            <dt>{verdicts[state]}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="facts">
        Redriven when all was well again: {inWords(redriven)}
        {redriven.failed > 0 && broken.length === 0 && ", of which no thumbnail can be made"}.
      </p>
      {broken.length > 0 && (
        <ul class="problem">
          {broken.map((promise) => (
            <li key={promise}>{promise}</li>
          ))}
        </ul>
      )}
      <p class="facts">
        <code>
          npm run chaos -- --uploads {uploads} --seed {seed}
        </code>{" "}
        makes the same faults again.
      </p>
    </div>
  );
}
