// Starts the page with the state that came with it, and anew with that of each server that takes the place of the last.

import { render } from "preact";
import { useState } from "preact/hooks";
import type { FirstState } from "../types";
import { App } from "./app";
import { readState } from "./first-state";
import { refuseStrayDrops } from "./stray-drops";
import "./styles.css";

function Page({ state }: { state: FirstState }) {
  const [first, setFirst] = useState(state);
  return <App key={first.server} first={first} onOther={setFirst} />;
}

const state = readState(document);
const root = document.getElementById("app");
if (root !== null && state !== undefined) render(<Page state={state} />, root);
refuseStrayDrops();
