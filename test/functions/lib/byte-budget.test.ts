import { createByteBudget } from "../../../functions/lib/byte-budget";

const NEVER = new AbortController().signal;
const turn = () => new Promise(setImmediate);

/** A budget of 100 bytes, and who is at work. */
function start() {
  const budget = createByteBudget(100);
  const working: string[] = [];
  const end = new Map<string, (error?: Error) => void>();
  const hold = (name: string, bytes: number, signal = NEVER) =>
    budget.hold(bytes, signal, async () => {
      working.push(name);
      await new Promise<void>((resolve, reject) => end.set(name, (error) => (error ? reject(error) : resolve())));
      working.splice(working.indexOf(name), 1);
      return name;
    });
  return { hold, working, end: (name: string, error?: Error) => end.get(name)?.(error) };
}

it("what fits works at the same time, and the rest waits for room, in its order", async () => {
  const { hold, working, end } = start();
  const all = [hold("a", 60), hold("b", 40), hold("large", 90), hold("small", 1)];
  await turn();
  expect(working).toEqual(["a", "b"]);
  end("a");
  await turn();
  expect(working).toEqual(["b"]); // The small one would fit, and could keep the large one out for good.
  end("b");
  await turn();
  expect(working).toEqual(["large", "small"]);
  end("large");
  end("small");
  expect(await Promise.all(all)).toEqual(["a", "b", "large", "small"]);
});

it("work that fails gives its bytes back too", async () => {
  const { hold, working, end } = start();
  const failing = hold("a", 100);
  const next = hold("b", 100);
  await turn();
  end("a", new Error("broken"));
  await expect(failing).rejects.toThrow("broken");
  await turn();
  expect(working).toEqual(["a", "b"]);
  end("b");
  await next;
});

it("who is told to end while waiting leaves, and lets those behind pass", async () => {
  const { hold, working, end } = start();
  const [first, controller] = [hold("a", 90), new AbortController()];
  const leaving = hold("b", 50, controller.signal);
  const small = hold("c", 10);
  controller.abort(new Error("too late"));
  await expect(leaving).rejects.toThrow("too late");
  await turn();
  expect(working).toEqual(["a", "c"]);
  end("a");
  end("c");
  await Promise.all([first, small]);
  await expect(hold("d", 1, controller.signal)).rejects.toThrow("too late");
});

it("what can never fit is refused", async () => {
  await expect(start().hold("a", 101)).rejects.toThrow("101 bytes are more than the 100");
});
