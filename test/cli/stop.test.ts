import { createReport, untilStopped } from "../../cli/report";
import { isStopped, loadGradually, orSoonAfterStop, unlessStopped } from "../../cli/stop";

const never = new Promise<never>(() => {});

test("what is under way elsewhere is left alone soon after the stop, and not before", async () => {
  const controller = new AbortController();
  const left = jest.fn();
  const waiting = orSoonAfterStop(controller.signal, never).then(left);
  await new Promise(setImmediate);
  expect(left).not.toHaveBeenCalled();
  controller.abort("SIGINT");
  await waiting;
});

test("work that ends by then is waited for, and its failure told", async () => {
  const stop = AbortSignal.abort("SIGINT");
  await orSoonAfterStop(stop, Promise.resolve());
  await expect(orSoonAfterStop(stop, Promise.reject(new Error("refused")))).rejects.toThrow("refused");
});

test("other work is not waited for at all", async () => {
  const controller = new AbortController();
  const work = unlessStopped(controller.signal, never);
  controller.abort("SIGINT");
  await expect(work).rejects.toBe("SIGINT");
  await expect(unlessStopped(new AbortController().signal, Promise.resolve(7))).resolves.toBe(7);
});

test("a stop is heard of between two modules, and ends their loading", async () => {
  const controller = new AbortController();
  const second = jest.fn();
  const loading = loadGradually(controller.signal, [
    () => setImmediate(() => controller.abort("SIGINT")),
    second,
    second,
  ]);
  await expect(loading).rejects.toBe("SIGINT");
  expect(second.mock.calls.length).toBeLessThan(2);
});

test("a stop is known to who has met an error just before the signal is heard", async () => {
  const controller = new AbortController();
  setImmediate(() => controller.abort("SIGINT"));
  expect(await isStopped(controller.signal)).toBe(true);
  expect(await isStopped(new AbortController().signal)).toBe(false);
});

test("a report says nothing once its work is stopped, and takes back what it waited for", () => {
  const texts: string[] = [];
  const controller = new AbortController();
  const stream = { isTTY: true, write: (text: string | Uint8Array) => texts.push(String(text)) > 0 };
  const report = untilStopped(createReport(stream), controller.signal);
  report.wait("photo 1 …");
  controller.abort("SIGINT");
  report.say("photo 1: 80 ms");
  report.wait("photo 2 …");
  expect(texts).toEqual(["\r\x1b[Kphoto 1 …", "\r\x1b[K"]);
});
