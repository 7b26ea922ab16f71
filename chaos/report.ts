// What a chaos run says in the end: in words, and by whether any promise was broken.

import type { ChaosReport } from "./run";

/** Duplicates of work are bounded: TinyPNG is paid for each photo, and seldom twice. */
const MAX_SHRINKS_PER_PHOTO = 1.2;

/** The promises that were broken, each in words. */
export function brokenPromises(report: ChaosReport): string[] {
  const { violations, faceless, orphans, missingEvents, lingering, swept, lostEdits, redrive } = report;
  const { tinifyFaults, shrinks, photos } = report;
  const broken = violations.map(
    ({ verdict, reason, upload }) =>
      `${verdict}: upload ${upload.number} (${upload.kind}) for profile ${upload.profileId}: ${reason}`,
  );
  broken.push(...faceless.map((each) => `faceless: ${each}`));
  broken.push(...orphans.map((key) => `left behind: ${key}, which no profile names`));
  broken.push(...missingEvents.map((each) => `no event: ${each}`));
  broken.push(...lingering.map((each) => `not erased: ${each}`));
  broken.push(...swept.left.map((each) => `not swept: ${each}`));
  broken.push(...lostEdits.map((edit) => `lost: ${edit}`));
  broken.push(...redrive.stuck.map((record) => `not emptied by redrive: ${record}`));
  if (!tinifyFaults && shrinks > MAX_SHRINKS_PER_PHOTO * photos) {
    broken.push(`TinyPNG shrank ${shrinks} times for ${photos} photos, more than ${MAX_SHRINKS_PER_PHOTO} times each`);
  }
  return broken;
}

/** The report for people. */
export function describeChaos(report: ChaosReport): string {
  const { accepted, uploads, verdicts, redrive, shrinks, photos, tinifyFaults, ms } = report;
  const faults = Object.entries(report.faults).sort();
  const total = faults.reduce((sum, [, count]) => sum + count, 0);
  const { succeeded, superseded, failed } = redrive.states;
  const remaining = Object.entries(redrive.remaining).sort();
  const broken = brokenPromises(report);
  return [
    "",
    `${accepted} of ${uploads} uploads were accepted:`,
    `  correct     ${verdicts.correct}`,
    `  superseded  ${verdicts.superseded} (a newer photo of the profile, or another upload under its key)`,
    `  failed      ${verdicts.failed} (a failure record holds each)`,
    `  lost        ${verdicts.lost}`,
    `  wrong       ${verdicts.wrong}`,
    `Profiles that lost their thumbnail: ${report.faceless.length}; thumbnails that no profile names: ${report.orphans.length}.`,
    `Left of people who were erased meanwhile: ${report.lingering.length}.`,
    ...(report.events === undefined
      ? []
      : [
          `Events sent: ${report.events.ready} Photo ready, ${report.events.failed} Photo failed; missing: ${report.missingEvents.length}.`,
        ]),
    `redrive --all without faults replayed ${succeeded + superseded + failed} failure records: ${succeeded} succeeded, ${superseded} superseded, ${failed} failed.`,
    ...(remaining.length === 0 ? [] : ["Records that remain, of photos that can never have a thumbnail:"]),
    ...remaining.map(([code, count]) => `  ${String(count).padStart(5)}  ${code}`),
    `Records that should have gone: ${redrive.stuck.length}.`,
    `A sweep removed ${report.swept.count} photos and thumbnails that no profile refers to; left: ${report.swept.left.length}.`,
    // It shrinks nothing where the function resizes itself.
    ...(shrinks === 0
      ? []
      : [
          `TinyPNG shrank ${shrinks} times for ${photos} photos${tinifyFaults ? "" : ` (at most ${MAX_SHRINKS_PER_PHOTO} times each)`}.`,
        ]),
    `${total} faults, ${(ms / 1000).toFixed(1)} s:`,
    ...faults.map(([name, count]) => `  ${String(count).padStart(5)}  ${name}`),
    ...(broken.length === 0 ? [] : ["Broken promises:", ...broken.map((each) => `  ${each}`)]),
  ].join("\n");
}
