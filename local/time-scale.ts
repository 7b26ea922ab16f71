// Waits that only cost time, such as the minute before an asynchronous retry, are shortened here and nowhere else.
// Order and counts are never changed.

/** The share of AWS's real waiting time that the embedded AWS waits: a minute becomes 60 ms. */
export const TIME_SCALE = 1 / 1000;

/** Turns a wait of AWS's, in seconds, into milliseconds of the embedded AWS. */
export const shortenedMs = (seconds: number): number => seconds * 1000 * TIME_SCALE;
