// The switches that make things fail on purpose: each on its node, behind a button, with what is on in sight.

import { useEffect, useRef, useState } from "preact/hooks";
import type { FaultSwitch } from "../types";
import { messageOf, post } from "./api";
import { count } from "./format";

interface FaultsProps {
  readonly faults: readonly FaultSwitch[];
  readonly announce: (text: string) => void;
}

/** Those of one node; opened, they lie over what stands below it. */
export function NodeFaults({ of, ...rest }: FaultsProps & { of: string }) {
  const on = rest.faults.filter(({ isOn }) => isOn);
  const breaker = useRef<HTMLDetailsElement>(null);

  // They go as what lies over a page goes: by Escape, and by a click beside them.
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const close = (isMeant: boolean) => {
      if (breaker.current === null || !breaker.current.open || !isMeant) return;
      breaker.current.open = false;
      if (breaker.current.contains(document.activeElement)) breaker.current.querySelector("summary")?.focus();
    };
    document.addEventListener("keydown", ({ key }) => close(key === "Escape"), { signal });
    document.addEventListener("pointerdown", ({ target }) => close(!breaker.current?.contains(target as Node)), {
      signal,
    });
    return () => leaving.abort();
  }, []);

  return (
    <details ref={breaker} class="breaker" name="faults">
      <summary class={on.length > 0 ? "on" : undefined}>
        {on.length === 0 ? "Make it fail" : on.map(({ title }) => title).join(", ")}
        <span class="unseen"> ({of})</span>
      </summary>
      <FaultSwitches {...rest} />
    </details>
  );
}

export function FaultSwitches({ faults, announce }: FaultsProps) {
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
    <div class="faults">
      <ul>
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
    </div>
  );
}
