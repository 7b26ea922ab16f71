// Work that must end in time. Lambda kills a function that does not, and with it the report of what it had done.

/**
 * Runs the work; after so many milliseconds its signal is aborted and the result is an error, even when the work never
 * looks at its signal.
 * @param what begins the error's message: "TinyPNG"
 */
export async function withDeadline<T>(
  what: string,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (milliseconds <= 0) throw new Error(`${what}: no time is left to begin`);
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`${what}: not done within ${milliseconds} ms`);
      controller.abort(error);
      reject(error);
    }, milliseconds);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
