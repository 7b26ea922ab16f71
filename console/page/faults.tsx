// The switches that make things fail on purpose.

import { useState } from "preact/hooks";
import type { FaultSwitch } from "../types";
import { messageOf, post } from "./api";
import { count } from "./format";

export function Faults({ faults, announce }: { faults: readonly FaultSwitch[]; announce: (text: string) => void }) {
  const [problem, setProblem] = useState("");

  async function set({ name, title, isOn }: FaultSwitch): Promise<void> {
    try {
      await post("/api/faults", { name, isOn: !isOn });
      setProblem("");
      announce(`${title}: ${isOn ? "off" : "on"}`);
    } catch (error) {
      setProblem(messageOf(error));
    }
  }

  return (
    <section aria-labelledby="faults">
      <h2 id="faults">Make it fail</h2>
      <ul class="faults">
        {faults.map((fault) => (
          <li key={fault.name}>
            <button
              type="button"
              role="switch"
              aria-checked={fault.isOn}
              aria-describedby={`about-${fault.name}`}
              data-fault={fault.name}
              onClick={() => void set(fault)}
            >
              <span class="track" />
              {fault.title}
            </button>
            <p id={`about-${fault.name}`}>
              {fault.explanation} {fault.isOn && <b>Struck {count(fault.hits, "time")}.</b>}
            </p>
          </li>
        ))}
      </ul>
      {problem !== "" && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
