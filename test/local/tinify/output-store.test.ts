import { createOutputStore } from "../../../local/tinify/output-store";

const MEGABYTE = 1024 * 1024;
const imageOf = (megabytes: number) => ({
  bytes: Buffer.alloc(megabytes * MEGABYTE),
  type: "image/jpeg",
  width: 1,
  height: 1,
});

it("images are kept until newer ones need the room, the oldest going first", () => {
  const store = createOutputStore();
  const ids = [40, 20, 30].map((megabytes) => store.add(imageOf(megabytes)));
  expect(ids.map((id) => store.get(id) !== undefined)).toEqual([false, true, true]);
});

it("the newest image is kept, however large it is", () => {
  const store = createOutputStore();
  const [small, large] = [store.add(imageOf(1)), store.add(imageOf(70))];
  expect(store.get(small)).toBeUndefined();
  expect(store.get(large)).toBeDefined();
});

it("64 MB of images are kept together, and no more", () => {
  const store = createOutputStore();
  const ids = [32, 32].map((megabytes) => store.add(imageOf(megabytes)));
  expect(ids.map((id) => store.get(id) !== undefined)).toEqual([true, true]);
  ids.push(store.add(imageOf(1 / MEGABYTE)));
  expect(ids.map((id) => store.get(id) !== undefined)).toEqual([false, true, true]);
});

it("nothing is kept after the end", () => {
  const store = createOutputStore();
  const id = store.add(imageOf(1));
  store.clear();
  expect(store.get(id)).toBeUndefined();
});
