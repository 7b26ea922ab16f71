// The photos on their way: a hop is a small disc that goes along an edge and vanishes into the node at its end. They go
// slower than the photos themselves, which take a few hundredths of a second. Moved by the compositor alone.

import type { Hop } from "../types";
import { type Point, pointsOf, type Route } from "./routes";

/** More would hide each other. */
const MOST = 40;
/** A photo that has more hops before it hurries. */
const HOPS_BEFORE_HURRY = 2;
const BASE_MS = 300;
const MS_PER_PIXEL = 0.5;

export interface Travellers {
  move(hops: readonly Hop[]): void;
  close(): void;
}

/** @param layer lies over the diagram's grid; it is theirs alone */
export function createTravellers(diagram: HTMLElement, layer: HTMLElement): Travellers {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  const isWide = matchMedia("(min-width: 980px)");
  const ways = new Map<string, Hop[]>();
  let lines = new Map<HTMLElement, readonly Point[]>();
  const resized = new ResizeObserver(() => {
    lines = new Map();
  });
  resized.observe(diagram);

  function lineOf(edge: HTMLElement): readonly Point[] {
    const known = lines.get(edge);
    if (known !== undefined) return known;
    const origin = diagram.getBoundingClientRect();
    const { left, top, right, bottom } = edge.getBoundingClientRect();
    const box = {
      left: left - origin.left,
      top: top - origin.top,
      right: right - origin.left,
      bottom: bottom - origin.top,
    };
    const route = (isWide.matches ? edge.dataset.wide : edge.dataset.narrow) as Route;
    const points = pointsOf(route, box);
    lines.set(edge, points);
    return points;
  }

  const edgeBetween = (from: string, to: string) =>
    diagram.querySelector<HTMLElement>(`[data-from="${CSS.escape(from)}"][data-to="${CSS.escape(to)}"]`);

  async function travel({ from, to, label }: Hop, isHurried: boolean): Promise<void> {
    const forward = edgeBetween(from, to);
    const edge = forward ?? edgeBetween(to, from);
    if (edge === null) return;
    const points = forward === null ? lineOf(edge).toReversed() : lineOf(edge);
    const { frames, length } = framesAlong(points);
    const disc = document.createElement("span");
    disc.className = edge.classList.contains("failure") && forward !== null ? "traveller lost" : "traveller";
    disc.textContent = label;
    layer.append(disc);
    const duration = (BASE_MS + length * MS_PER_PIXEL) * (isHurried ? 0.5 : 1);
    const fade = [{ opacity: 0 }, { opacity: 1, offset: 0.12 }, { opacity: 1, offset: 0.88 }, { opacity: 0 }];
    disc.animate(fade, { duration, fill: "forwards" });
    await disc.animate(frames, { duration, fill: "forwards" }).finished.catch(() => {}); // Cancelled with the page.
    disc.remove();
  }

  async function follow(photo: string, way: Hop[]): Promise<void> {
    for (let hop = way.shift(); hop !== undefined; hop = way.shift()) await travel(hop, way.length > HOPS_BEFORE_HURRY);
    ways.delete(photo);
  }

  return {
    move(hops) {
      if (isStill.matches || document.hidden) return;
      for (const hop of hops) {
        const way = ways.get(hop.photo);
        if (way !== undefined) way.push(hop);
        else if (ways.size < MOST) {
          const begun = [hop];
          ways.set(hop.photo, begun);
          void follow(hop.photo, begun);
        }
      }
    },
    close() {
      resized.disconnect();
      ways.clear();
      layer.replaceChildren();
    },
  };
}

/** Keyframes at the corners, so far apart in time as in space. */
function framesAlong(points: readonly Point[]): { frames: Keyframe[]; length: number } {
  const ends = points.map((point, index) => {
    const before = points[index - 1] ?? point;
    return Math.hypot(point[0] - before[0], point[1] - before[1]);
  });
  const length = ends.reduce((sum, each) => sum + each, 0);
  let passed = 0;
  const frames = points.map(([x, y], index) => {
    passed += ends[index] ?? 0;
    return { transform: `translate(${x}px, ${y}px)`, offset: length === 0 ? index : passed / length };
  });
  return { frames, length };
}
