// The page's state: what came with the page, and what the server has pushed since.

import { useEffect, useState } from "preact/hooks";
import type { FirstState, Profile, Update } from "../types";

export type Connection = "live" | "lost";

interface Live {
  readonly state: FirstState;
  readonly connection: Connection;
  /** The last message's profiles; whoever shows some takes what it needs of them. */
  readonly updates: { readonly profiles?: readonly Profile[] | "many" };
}

/** Follows the server's events, and the timeline of a photo, or of the newest. */
export function useLive(first: FirstState, watched: string | undefined): Live {
  const [live, setLive] = useState<Live>({ state: first, connection: "live", updates: {} });
  useEffect(() => {
    const source = new EventSource(watched === undefined ? "/events" : `/events?photo=${encodeURIComponent(watched)}`);
    source.onmessage = ({ data }) => {
      const { profiles, ...parts }: Update = JSON.parse(data);
      setLive(({ state, updates }) => ({
        state: { ...state, ...parts },
        connection: "live",
        updates: profiles === undefined ? updates : { profiles },
      }));
    };
    // The browser connects again by itself, and the first message then brings everything.
    source.onerror = () => setLive((before) => ({ ...before, connection: "lost" }));
    return () => source.close();
  }, [watched]);
  return live;
}
