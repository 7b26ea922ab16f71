import type { OpenPicture } from "../../../local/picture-decoding";
import { createOutputStore } from "../../../local/tinify/output-store";

const MEGABYTE = 1024 * 1024;
/** Nothing else of it is looked at. */
const imageOf = (megabytes: number) => ({ bytes: Buffer.alloc(megabytes * MEGABYTE) }) as OpenPicture;

const add = (store: ReturnType<typeof createOutputStore>, count: number, megabytes: number) =>
  Array.from({ length: count }, () => store.add(imageOf(megabytes)));

it("8 MB of images are kept together, and the oldest go first when newer ones need the room", () => {
  const store = createOutputStore();
  const ids = add(store, 16, 0.5);
  expect(ids.every((id) => store.get(id) !== undefined)).toBe(true);
  const [another = ""] = add(store, 1, 0.75);
  expect(ids.map((id) => store.get(id) !== undefined)).toEqual([false, false, ...Array(14).fill(true)]);
  expect(store.get(another)).toBeDefined();
});

it("the newest ten are kept, however large they are", () => {
  const store = createOutputStore();
  const ids = add(store, 12, 20);
  expect(ids.map((id) => store.get(id) !== undefined)).toEqual([false, false, ...Array(10).fill(true)]);
});

it("nothing is kept after the end", () => {
  const store = createOutputStore();
  const id = store.add(imageOf(1));
  store.clear();
  expect(store.get(id)).toBeUndefined();
});
