// The applied stack as a diagram.

import type { Diagram } from "../types";

export function Stack({ diagram }: { diagram: Diagram }) {
  return (
    <section aria-labelledby="stack" class="stack">
      <h2 id="stack">The applied stack</h2>
      <p>{diagram.nodes.length}</p>
    </section>
  );
}
