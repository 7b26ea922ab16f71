// Which uploads the judge of `npm run chaos` takes for the last ones.

import { type Held, orderUploads } from "../../chaos/newest";
import type { PlannedUpload } from "../../chaos/plan";

/** Uploads by name, such as `a2`: the second to the key a. */
const upload = (name: string, profileId = "1"): PlannedUpload => ({
  number: 0,
  kind: "photo",
  key: name.slice(0, 1),
  profileId,
  colour: [0, 0, 0],
  width: 1,
});

/** Orders uploads by their time; S3 holds the last one of each key in the order given. */
function order(...uploads: readonly (readonly [PlannedUpload, number])[]) {
  const accepted = uploads.map(([each, time]) => ({ upload: each, time: String(time) }));
  const held: Held = new Map(uploads.map(([each]) => [each.key, each]));
  return orderUploads(accepted, held);
}

it("between keys the later time decides", () => {
  const [a1, b1] = [upload("a1"), upload("b1")];
  const { successorOf, rivalsOf } = order([a1, 2], [b1, 1]);
  expect([successorOf(a1), successorOf(b1)]).toEqual([undefined, a1]);
  expect(rivalsOf(a1)).toEqual([]);
});

it("an upload is at least as late as those that its key had before, whatever its own time", () => {
  const [a1, a2, b1] = [upload("a1"), upload("a2"), upload("b1")];
  expect(order([a1, 3], [a2, 1], [b1, 4]).successorOf(a2)).toBe(b1);
  expect(order([a1, 3], [a2, 1], [b1, 2]).successorOf(a2)).toBeUndefined();
});

it("uploads whose times contradict S3's order are rivals: either may be the last", () => {
  const [a1, a2, b1] = [upload("a1"), upload("a2"), upload("b1")];
  const { successorOf, rivalsOf } = order([a1, 3], [a2, 1], [b1, 2]);
  expect([successorOf(a2), successorOf(b1)]).toEqual([undefined, undefined]);
  expect([rivalsOf(a2), rivalsOf(b1)]).toEqual([[b1], [a2]]);
});

it("an upload whose key another profile's has taken may have had its turn before", () => {
  const [a1, b1, taker] = [upload("a1"), upload("b1"), upload("b2", "2")];
  const { successorOf, rivalsOf } = order([a1, 1], [b1, 2], [taker, 3]);
  expect(successorOf(a1)).toBe(b1);
  expect(successorOf(taker)).toBeUndefined();
  expect(rivalsOf(taker)).toEqual([]);
});
