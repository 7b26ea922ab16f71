// Buttons through the pages of a long list.

import type { Page } from "../types";

interface PagerProps {
  readonly page: Page<unknown>;
  readonly size: number;
  readonly label: string;
  readonly onTurn: (offset: number) => void;
}

export function Pager({ page: { offset, total, items }, size, label, onTurn }: PagerProps) {
  if (total <= size && offset === 0) return null;
  return (
    <nav class="pager" aria-label={label}>
      <button type="button" disabled={offset === 0} onClick={() => onTurn(Math.max(0, offset - size))}>
        Back
      </button>
      <span>
        {(offset + 1).toLocaleString()}–{(offset + items.length).toLocaleString()} of {total.toLocaleString()}
      </span>
      <button type="button" disabled={offset + items.length >= total} onClick={() => onTurn(offset + size)}>
        Next
      </button>
    </nav>
  );
}
