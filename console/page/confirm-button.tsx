// A button for what cannot be taken back: the first press asks, the second does it.

import { useState } from "preact/hooks";

interface ConfirmButtonProps {
  readonly children: string;
  /** What it does to what, for those who do not see where it stands. */
  readonly label: string;
  /** What it says when it asks, such as `Discard permanently?`. */
  readonly question: string;
  readonly disabled: boolean;
  readonly onConfirm: () => void;
}

export function ConfirmButton({ children, label, question, disabled, onConfirm }: ConfirmButtonProps) {
  const [isAsking, setAsking] = useState(false);
  return (
    <button
      type="button"
      class={isAsking ? "asking" : undefined}
      aria-label={isAsking ? `${question} ${label}` : label}
      disabled={disabled}
      onClick={() => {
        setAsking(!isAsking);
        if (isAsking) onConfirm();
      }}
      onBlur={() => setAsking(false)}
      onKeyDown={({ key }) => key === "Escape" && setAsking(false)}
    >
      {isAsking ? question : children}
    </button>
  );
}
