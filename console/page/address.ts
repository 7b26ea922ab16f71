// The photo that the page's address names; without one the page follows the newest.

import { useCallback, useEffect, useState } from "preact/hooks";
import { addressOf, photoIn } from "./photo-address";

/** The photo of the page's address, and what takes the page to another one, or to the newest. */
export function useAddress(): [photoId: string | undefined, go: (photoId: string | undefined) => void] {
  const [photoId, setPhotoId] = useState<string>();
  useEffect(() => {
    const read = () => {
      const named = photoIn(location.hash);
      if (named !== null) setPhotoId(named);
    };
    read();
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const go = useCallback((next: string | undefined) => {
    // A hash that is set to nothing would leave its "#", and take the page to its top.
    const address = next === undefined ? location.pathname : addressOf(next);
    if ((photoIn(location.hash) ?? undefined) !== next) history.pushState(undefined, "", address);
    setPhotoId(next);
  }, []);
  return [photoId, go];
}
