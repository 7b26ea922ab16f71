import { withDeadline } from "../../../functions/lib/deadline";

const never = () => new Promise<never>(() => {});

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it("work that ends in time gives its result, and leaves no timer behind", async () => {
  await expect(withDeadline("Work", 100, async () => "done")).resolves.toBe("done");
  expect(jest.getTimerCount()).toBe(0);
});

it("work that fails in time gives its error, and leaves no timer behind", async () => {
  const failure = new Error("broken");
  await expect(withDeadline("Work", 100, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(jest.getTimerCount()).toBe(0);
});

it("work that does not end is given up after the time, and no sooner", async () => {
  const outcome = jest.fn();
  const work = withDeadline("Work", 100, never).catch((error) => outcome(error.message));
  await jest.advanceTimersByTimeAsync(99);
  expect(outcome).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  await work;
  expect(outcome).toHaveBeenCalledWith("Work: not done within 100 ms");
});

it("work that is given up is told so by its signal, with the same error", async () => {
  let seen: AbortSignal | undefined;
  const work = withDeadline("Work", 100, (signal) => {
    seen = signal;
    return never();
  }).catch((error) => error);
  expect(seen?.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(100);
  expect(seen?.reason).toBe(await work);
});

it.each([0, -1])("without time (%d ms) work is not even begun", async (milliseconds) => {
  const work = jest.fn(never);
  await expect(withDeadline("Work", milliseconds, work)).rejects.toThrow("Work: no time is left to begin");
  expect(work).not.toHaveBeenCalled();
});
