// A wait that something else can end: the growth of a stream, or the end of everything.

export interface Wait {
  /** Resolves when the wait is ended, or after so many milliseconds. */
  begin(milliseconds?: number): Promise<void>;
  end(): void;
}

/** Creates a wait that can be used again and again; it leaves no timer behind. */
export function createWait(): Wait {
  let end = () => {};
  return {
    begin: (milliseconds) =>
      new Promise((resolve) => {
        const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    end: () => end(),
  };
}
