// A button that puts a text on the clipboard, and says that it has.

import { useState } from "preact/hooks";

interface CopyProps {
  readonly text: string;
  /** What the button says, such as `Copy as AWS CLI`. */
  readonly children: string;
  /** For those who do not see where it stands. */
  readonly label?: string;
}

export function Copy({ text, children, label }: CopyProps) {
  const [said, say] = useState("");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say("Copied"),
      // Some browsers ask, and some take it from https alone.
      () => say("The browser does not let this page copy"),
    );
  return (
    <span class="copy">
      <button type="button" aria-label={label} onClick={() => void copy()} onBlur={() => say("")}>
        {children}
      </button>
      <span role="status">{said}</span>
    </span>
  );
}
