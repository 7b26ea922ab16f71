// The help on the page's keys: a dialog that `?` opens, or its button.

import { useRef } from "preact/hooks";
import { KEYS, useKey } from "./keys";

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = () => dialog.current?.showModal();
  useKey("?", open);
  return (
    <>
      <button type="button" class="help" aria-label="Keys" title="Keys" onClick={open}>
        ?
      </button>
      <dialog ref={dialog} aria-labelledby="keys" class="keys">
        <h2 id="keys" class="lead">
          Keys
        </h2>
        <dl>
          {KEYS.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  );
}
