// The page's state: what came with the page, and what the server has pushed since.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { FirstState, Hop, Profile } from "../types";
import { type Channel, createChannel } from "./channel";
import { type Connection, followServer } from "./connection";

interface Live {
  readonly state: FirstState;
  readonly connection: Connection;
  /** The last message's profiles; whoever shows some takes what it needs of them. */
  readonly updates: { readonly profiles?: readonly Profile[] | "many" };
  readonly hops: Channel<readonly Hop[]>;
}

/** Follows the server's events, and the timeline of a photo, or of the newest. */
export function useLive(first: FirstState, watched: string | undefined, onOther: (first: FirstState) => void): Live {
  const hops = useMemo(() => createChannel<readonly Hop[]>(), []);
  const [live, setLive] = useState<Omit<Live, "hops">>({ state: first, connection: "opening", updates: {} });
  useEffect(() => {
    const address = watched === undefined ? "/events" : `/events?photo=${encodeURIComponent(watched)}`;
    return followServer(first.server, address, {
      onUpdate({ profiles, hops: moved, ...parts }) {
        setLive(({ state, updates }) => ({
          state: { ...state, ...parts },
          connection: "live",
          updates: profiles === undefined ? updates : { profiles },
        }));
        if (moved !== undefined) hops.send(moved);
      },
      onLost: (connection) => setLive((before) => ({ ...before, connection })),
      onOther,
    });
  }, [watched]);
  return { ...live, hops };
}
