// What somebody may have meant by a name that is not known.

/** A swap of two neighbours, the commonest slip, counts as one of these too. */
const MOST_SLIPS = 3;

/**
 * ` (did you mean "region"?)`, or nothing when no known name is much like the given one.
 * @param prefix what all of them begin with besides
 */
export function didYouMean(given: string, known: readonly string[], prefix = ""): string {
  const most = Math.min(MOST_SLIPS, Math.floor(given.length / 3));
  const [best] = known
    .map((name) => ({ name, slips: slipsBetween(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ slips }) => slips <= most)
    .sort((one, other) => one.slips - other.slips);
  return best === undefined ? "" : ` (did you mean "${prefix}${best.name}"?)`;
}

/** The letters that were added, left out, changed or swapped with their neighbour (optimal string alignment). */
function slipsBetween(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= one.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwap = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      rows[i]?.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (isSame ? 0 : 1),
          isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(one.length, other.length);
}
