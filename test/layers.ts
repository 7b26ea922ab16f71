// The drawing of docs/architecture.md as arrows, and circles among files.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./imports";

/** The arrows of the drawing, each as `from --> to`. */
export function drawnArrows(): string[] {
  const text = readFileSync(join(ROOT, "docs", "architecture.md"), "utf8");
  const [, drawing = ""] = /```mermaid\n(.*?)```/s.exec(text) ?? [];
  return [...drawing.matchAll(/^ *([\w-]+)(?:\[.*?\])? --> ([\w-]+)$/gm)].map(([, from, to]) => `${from} --> ${to}`);
}

/** The folder of a file or module, and the name of a file that lies in none. */
export const layerOf = (name: string): string => /^(?:\.\/)?([^/.]*)/.exec(name)?.[1] ?? "";

/**
 * What lies in a circle, or between two of them.
 * @param graph what each points at
 */
export function inCircles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const left = new Map(graph);
  const isPointedAt = (name: string) => [...left.values()].some((targets) => targets.includes(name));
  const pointsAtAny = (targets: readonly string[]) => targets.some((target) => left.has(target));
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const [name, targets] of left) if (!pointsAtAny(targets) || !isPointedAt(name)) left.delete(name);
  }
  return [...left.keys()].sort();
}
