// Lays out a photo's steps: which row stands in which, where each bar lies on an axis that they all share, and where that
// axis is broken, so that a wait of a minute does not leave the milliseconds no room.

import type { Photo, Step } from "../types";
import { duration } from "./format";

/** Where something lies on the axis, in percent of its length. */
export interface Span {
  readonly x: number;
  readonly width: number;
}

export interface Row extends Span {
  readonly step: Step;
  /** What happened in it, and what followed of it. */
  readonly inside: readonly Row[];
  /** Of the step; of an attempt that is to be made again, of the first thing that went wrong in it. */
  readonly error?: string;
  /** An attempt after which there was another: what happened in it is shown when asked for. */
  readonly isFolded: boolean;
}

export interface Axis {
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  readonly breaks: readonly (Span & { readonly label: string })[];
}

export interface Waterfall {
  readonly rows: readonly Row[];
  readonly axis: Axis;
}

/** A time in which nothing happened is left out if it is as long as this, and a good part of all in which something did. */
const LONG_MS = 25;
const LONG_SHARE = 0.25;
/** How wide a break is drawn, and all of them at most. */
const BREAK_PERCENT = 6;
const BREAKS_PERCENT = 36;
const TICKS = 5;
/** Labels that are nearer run into each other. */
const LABEL_PERCENT = 13;
const WAIT_PERCENT = 20;
/** What says of an attempt that it failed, and of what follows. */
const OUTCOMES = ["AsyncRetry", "StreamBatch"];

/** Lays out the steps of a photo, which come in order of time, each invocation followed by what happened in it. */
export function layOut({ at: start, ms: total }: Photo, steps: readonly Step[]): Waterfall {
  const spans = steps.map(({ at, ms = 0, isRunning }) => ({
    from: at - start,
    to: isRunning === true ? total : at - start + ms,
  }));
  const busy = busyTimes(spans);
  const { place, axis } = createAxis(busy);
  const childrenOf = new Map<string, Row[]>();
  const roots: Row[] = [];
  const rows = steps.map((step, index) => {
    const { from = 0, to = 0 } = spans[index] ?? {};
    const inside: Row[] = [];
    childrenOf.set(step.id, inside);
    return {
      step,
      inside,
      error: step.error,
      isFolded: isFolded(step),
      x: place(from),
      width: place(to) - place(from),
    };
  });
  for (const row of rows) {
    const { within = "" } = row.step;
    (childrenOf.get(within) ?? roots).push(row);
  }
  return { rows: roots.map(withOutcome), axis };
}

const isFolded = ({ attempt }: Step): boolean =>
  attempt !== undefined && attempt.of !== undefined && attempt.number < attempt.of;

/** An attempt that is to be made again has failed, with whatever went wrong in it first. */
function withOutcome({ inside, ...row }: Row): Row {
  const outcomes = inside.filter(({ step }) => OUTCOMES.includes(step.action));
  const others = inside.filter(({ step }) => !OUTCOMES.includes(step.action));
  const hasFailed = outcomes.some(({ error }) => error !== undefined);
  const cause = hasFailed ? [...others, ...outcomes].find(({ error }) => error !== undefined)?.error : undefined;
  return { ...row, inside: [...others, ...outcomes], error: row.error ?? cause };
}

interface Time {
  readonly from: number;
  readonly to: number;
}

/** The times in which something happened; short pauses belong to them. */
function busyTimes(spans: readonly Time[]): Time[] {
  const merged = merge(
    [...spans].sort((one, other) => one.from - other.from),
    0,
  );
  const worked = merged.reduce((sum, { from, to }) => sum + to - from, 0);
  return merge(merged, Math.max(LONG_MS, worked * LONG_SHARE));
}

function merge(times: readonly Time[], pause: number): Time[] {
  const merged: Time[] = [];
  for (const { from, to } of times) {
    const last = merged.at(-1);
    if (last === undefined || from - last.to > pause) merged.push({ from, to });
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  }
  return merged;
}

function createAxis(busy: readonly Time[]) {
  const length = Math.max(
    busy.reduce((sum, { from, to }) => sum + to - from, 0),
    1,
  );
  const gaps = Math.max(busy.length - 1, 0);
  const gapWidth = Math.min(BREAK_PERCENT, BREAKS_PERCENT / Math.max(gaps, 1));
  const perMs = (100 - gaps * gapWidth) / length;
  let x = 0;
  const segments = busy.map(({ from, to }, index) => {
    const segment = { from, to, x, wait: from - (busy[index - 1]?.to ?? from) };
    x += (to - from) * perMs + gapWidth;
    return segment;
  });

  const place = (ms: number): number => {
    const segment = segments.findLast(({ from }) => from <= ms) ?? segments[0];
    return segment === undefined ? 0 : segment.x + (Math.min(ms, segment.to) - segment.from) * perMs;
  };

  const breaks = segments.slice(1).map(({ x: end, wait }) => ({
    x: end - gapWidth,
    width: gapWidth,
    label: `⋯ ${duration(wait)}`,
  }));
  const step = niceStep(length / TICKS);
  const ticks = segments.flatMap(({ from, to, x: start }, index) => {
    // After a break the time starts from zero: what counts is how long it has been since somebody tried again.
    const count = Math.floor((to - from) / step) + 1;
    const own = Array.from({ length: count }, (_, each) => ({
      x: start + each * step * perMs,
      label: index === 0 ? tickLabel(each * step) : `+${tickLabel(each * step)}`,
    }));
    return index === 0 ? own : own.slice(1);
  });
  return { place, axis: { breaks, ticks: legible(ticks, breaks) } };
}

/** 1, 2 or 5 of a power of ten. */
function niceStep(about: number): number {
  const power = 10 ** Math.floor(Math.log10(about));
  return power * ([1, 2, 5, 10].find((each) => each * power >= about) ?? 10);
}

const tickLabel = (ms: number): string => {
  if (ms === 0) return "0";
  return ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
};

function legible(ticks: Axis["ticks"], breaks: Axis["breaks"]): Axis["ticks"] {
  const kept: { x: number; label: string }[] = [];
  for (const tick of ticks) {
    const last = kept.at(-1);
    const isFree =
      tick.x <= 100 - LABEL_PERCENT / 2 &&
      (last === undefined || tick.x - last.x >= LABEL_PERCENT) &&
      breaks.every(({ x, width }) => Math.abs(x + width / 2 - tick.x) >= WAIT_PERCENT);
    if (isFree) kept.push(tick);
  }
  return kept;
}
