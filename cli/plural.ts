// Numbers of things, in words.

/** `1 photo`, `2 photos`. */
export const plural = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;
