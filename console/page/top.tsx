// The bar that stays at the top: whether the page is up to date, of what, and how many failures wait.

import type { FirstState } from "../types";
import type { Connection } from "./connection";
import { count } from "./format";
import { Help } from "./help";

const STATES = {
  opening: "connecting …",
  live: "online",
  gone: "gone",
  starting: "starting …",
  again: "connecting again …",
};

export function Top({ state, connection }: { state: FirstState; connection: Connection }) {
  const { endpoint, region, failures } = state;
  return (
    <header class="top">
      <h1>profile-image</h1>
      <span class={`connection ${connection}`} role="status">
        {STATES[connection]}
      </span>
      <p class="where">
        <code>{endpoint}</code>
        <span>{region}</span>
      </p>
      <a class={`tally ${failures.total === 0 ? "none" : "some"}`} href="#failures">
        {failures.total === 0 ? "no failures" : count(failures.total, "failure")}
      </a>
      <Help />
    </header>
  );
}
