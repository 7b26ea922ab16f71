import { createTurns } from "../../local/turns";

it("what is left is given in order, and given back however the work ends", async () => {
  const turns = createTurns(10);
  const order: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      order.push(`+${name}`);
      await new Promise(setImmediate);
      order.push(`-${name}`);
      if (fails) throw new Error(name);
    };
  const all = await Promise.allSettled([
    turns.take(6, work("a", true)),
    turns.take(6, work("b")),
    turns.take(4, work("c")),
  ]);
  expect(all.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  // The third would have fitted at once, and such could keep the second out for good.
  expect(order).toEqual(["+a", "-a", "+b", "+c", "-b", "-c"]);
});
