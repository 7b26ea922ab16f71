// Numbers and names as the page writes them.

/** `12 ms`, `1.24 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** `786.5 kB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}

export const timeOfDay = (ms: number): string =>
  new Date(ms).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The last part of a key. */
export const fileName = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString()} ${number === 1 ? one : many}`;

/** `2 succeeded, 1 failed`. */
export function inWords(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, number]) => number > 0);
  return some.length === 0 ? "nothing to do" : some.map(([state, number]) => `${number} ${state}`).join(", ");
}
