// Starts the page with the state that came with it.

import { render } from "preact";
import type { FirstState } from "../types";
import { App } from "./app";
import "./styles.css";

const first: FirstState = JSON.parse(document.getElementById("state")?.textContent ?? "null");
const root = document.getElementById("app");
if (root !== null) render(<App first={first} />, root);
