// What somebody may have meant by an unknown name.

/** A swap of two neighbours, the commonest slip, counts as one of these too. */
const MOST_SLIPS = 3;

/** Of more than these none is likely to be the one. */
const MOST_NAMES = 3;

/** Suggesting this one to somebody who gives TinyPNG's key as a setting would have an error print the key. */
const OF_A_SECRET = "_tinypng_key_version_";

/**
 * ` (did you mean "region"?)`, or nothing when no known name is much like the given one: by whole words that were left out,
 * by its letters, or by whole words that were added.
 * @param prefix what all of them begin with besides
 */
export function didYouMean(given: string, known: readonly string[], prefix = ""): string {
  const ways = [longerThan, nearestTo, withinLongest];
  const names = ways.map((namesLike) => namesLike(given, known)).find(({ length }) => length > 0) ?? [];
  if (names.length === 0 || names.length > MOST_NAMES) return "";
  return ` (did you mean ${names.map((name) => `"${prefix}${name}"`).join(" or ")}?)`;
}

function nearestTo(given: string, known: readonly string[]): string[] {
  const most = Math.min(MOST_SLIPS, Math.floor(given.length / 3));
  const [best] = known
    .map((name) => ({ name, slips: slipsBetween(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ slips }) => slips <= most)
    .sort((one, other) => one.slips - other.slips);
  return best === undefined ? [] : [best.name];
}

const longerThan = (given: string, known: readonly string[]): string[] =>
  known.filter((name) => wordsOf(name).includes(wordsOf(given)) && wordsOf(name) !== OF_A_SECRET);

function withinLongest(given: string, known: readonly string[]): string[] {
  const within = known.filter((name) => wordsOf(given).includes(wordsOf(name)));
  const longest = Math.max(...within.map((name) => name.length));
  return within.filter((name) => name.length === longest);
}

/** `_log_retention_days_` of `logRetentionDays` and of `LOG_RETENTION_DAYS`: what is in it is in it by whole words. */
const wordsOf = (name: string): string => `_${name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase()}_`;

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
