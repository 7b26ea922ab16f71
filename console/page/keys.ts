// Keys for those who work with the page all day. What is typed into a field, or with a modifier, is the browser's.

import { useEffect, useRef } from "preact/hooks";

/** All of them, as the help tells. */
export const KEYS: readonly (readonly [key: string, what: string])[] = [
  ["/", "find a profile"],
  ["j", "the next photo of the list"],
  ["k", "the photo before"],
  ["r", "redrive the photo that is shown, if it failed"],
  ["l", "follow the newest photo, or stay at this one"],
  ["?", "this help"],
];

/** Whether a key is meant for the page. */
export function isForPage({ ctrlKey, metaKey, altKey, defaultPrevented, target }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || defaultPrevented) return false;
  const { tagName = "", isContentEditable = false } = (target ?? {}) as Partial<HTMLElement>;
  return !["INPUT", "TEXTAREA", "SELECT"].includes(tagName) && !isContentEditable;
}

/** Does something, if there is anything to do, when a key is pressed while the component is there and no dialog is open. */
export function useKey(key: string, action: (() => void) | undefined): void {
  const latest = useRef(action);
  latest.current = action;
  const isUsed = action !== undefined;
  useEffect(() => {
    if (!isUsed) return;
    const listener = (event: KeyboardEvent) => {
      if (event.key !== key || !isForPage(event) || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      latest.current?.();
    };
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, [key, isUsed]);
}
