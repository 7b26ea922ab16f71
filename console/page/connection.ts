// Keeps the page connected to its server, or to whatever server takes its place. An EventSource alone would not: it gives
// up for good when the response is anything but 200, as by a server that is starting.

import type { FirstState, Update } from "../types";
import { readState } from "./first-state";

/** Where the server is, seen from the page: `opening` until its first event, `again` when it responds, but its events have not come yet. */
export type Connection = "opening" | "live" | "gone" | "starting" | "again";

/** How long until the server is looked for again, in milliseconds. */
const RETRY_MS = 500;
/** A server that does not respond for so long is looked for again. */
const TIMEOUT_MS = 5_000;

export interface Listener {
  onUpdate(update: Update): void;
  onLost(connection: Exclude<Connection, "opening" | "live">): void;
  /** Another server responds than the one that the page is of. */
  onOther(first: FirstState): void;
}

/** Follows the events of a server until the returned function is called. */
export function followServer(server: string, address: string, listener: Listener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isEnded = false;

  function open(): void {
    let isHeard = false;
    source = new EventSource(address);
    source.onmessage = ({ data }) => {
      const update: Update = JSON.parse(data);
      if (update.server !== undefined && update.server !== server) return lose();
      isHeard = true;
      listener.onUpdate(update);
    };
    source.onerror = () => (isHeard ? lose() : wait());
  }

  function lose(): void {
    source?.close();
    void look();
  }

  function wait(): void {
    source?.close();
    timer = setTimeout(look, RETRY_MS);
  }

  async function look(): Promise<void> {
    timer = undefined;
    const found = await lookForServer();
    if (isEnded) return;
    if (typeof found === "string") {
      listener.onLost(found);
      wait();
    } else if (found.server !== server) {
      listener.onOther(found);
    } else {
      listener.onLost("again");
      open();
    }
  }

  /** Browsers let the timers of a page that nobody sees sleep for a minute. */
  function onSeen(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    void look();
  }

  document.addEventListener("visibilitychange", onSeen);
  open();
  return () => {
    isEnded = true;
    document.removeEventListener("visibilitychange", onSeen);
    clearTimeout(timer);
    source?.close();
  };
}

async function lookForServer(): Promise<FirstState | "gone" | "starting"> {
  try {
    const response = await fetch("/", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status === 503) return "starting";
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // Another program may have the port by now.
    return readState(page) ?? "gone";
  } catch {
    return "gone";
  }
}
