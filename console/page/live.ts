// The page's state: what came with the page, and what the server has pushed since.

import { useEffect, useState } from "preact/hooks";
import type { FirstState, Profile } from "../types";
import { type Connection, followServer } from "./connection";

interface Live {
  readonly state: FirstState;
  readonly connection: Connection;
  /** The last message's profiles; whoever shows some takes what it needs of them. */
  readonly updates: { readonly profiles?: readonly Profile[] | "many" };
}

/** Follows the server's events, and the timeline of a photo, or of the newest. */
export function useLive(first: FirstState, watched: string | undefined, onOther: (first: FirstState) => void): Live {
  const [live, setLive] = useState<Live>({ state: first, connection: "live", updates: {} });
  useEffect(() => {
    const address = watched === undefined ? "/events" : `/events?photo=${encodeURIComponent(watched)}`;
    return followServer(first.server, address, {
      onUpdate: ({ profiles, ...parts }) =>
        setLive(({ state, updates }) => ({
          state: { ...state, ...parts },
          connection: "live",
          updates: profiles === undefined ? updates : { profiles },
        })),
      onLost: (connection) => setLive((before) => ({ ...before, connection })),
      onOther,
    });
  }, [watched]);
  return live;
}
