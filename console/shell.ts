// Texts as a POSIX shell takes them for one word.

/** Quoted if it needs to be. */
export const shellWord = (text: string): string =>
  /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
