// Brings the page to life that came from the server, with the state that came with it.

import { hydrate } from "preact";
import { readState } from "./first-state";
import { Page } from "./page";
import { refuseStrayDrops } from "./stray-drops";
import "./styles.css";

const state = readState(document);
const root = document.getElementById("app");

function start(): void {
  if (root !== null && state !== undefined) hydrate(<Page state={state} />, root);
}

refuseStrayDrops();
// The first screen is there already: it is painted before anything else is done. A tab that nobody sees paints nothing.
if (document.hidden) start();
else requestAnimationFrame(() => setTimeout(start));
