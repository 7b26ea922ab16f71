// What is dropped beside a card: the browser would open it, in place of the page or in another tab.

/** Has the browser refuse what no card takes. */
export function refuseStrayDrops(): void {
  for (const type of ["dragover", "drop"] as const) {
    document.addEventListener(type, (event) => {
      const { defaultPrevented: isTaken, dataTransfer, target } = event;
      const isText = target instanceof HTMLInputElement && !dataTransfer?.types.includes("Files");
      if (isTaken || isText) return;
      event.preventDefault();
      if (dataTransfer !== null) dataTransfer.dropEffect = "none";
    });
  }
}
