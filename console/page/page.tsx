// The page of one server, and again that of each server that takes the place of the last.

import { useState } from "preact/hooks";
import type { FirstState } from "../types";
import { App } from "./app";

export function Page({ state }: { state: FirstState }) {
  const [first, setFirst] = useState(state);
  return <App key={first.server} first={first} onOther={setFirst} />;
}
