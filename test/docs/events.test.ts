// What docs/events.md shows is what is sent: the examples are as the schema says, and the pattern is one for them.

import { compileFilterCriteria } from "../../local/lambda/filter/criteria";
import { complaintsAbout } from "../events-stack";
import { pageAt } from "./markdown";

const [ready = {}, failed = {}, pattern = {}] = pageAt("docs/events.md")
  .blocks.filter(({ lang }) => lang === "json")
  .map(({ text }) => JSON.parse(text));

it("the examples are as docs/events.schema.json says", () => {
  expect(complaintsAbout(ready)).toEqual([]);
  expect(complaintsAbout({ ...ready, ...failed })).toEqual([]);
});

it.each([
  ["an event of another kind", { ...ready, "detail-type": "Photo seen" }],
  ["a thumbnail without its size", { ...ready, detail: { ...ready.detail, thumbnail: { key: "thumbnails/a.jpg" } } }],
  ["more than it promises", { ...ready, detail: { ...ready.detail, name: "Tom Kazansky" } }],
])("the schema refuses %s", (_, event) => {
  expect(complaintsAbout(event)).not.toEqual([]);
});

it("the pattern takes what is ready, and nothing else", () => {
  const takes = compileFilterCriteria([JSON.stringify(pattern)]);
  expect(takes(ready)).toBe(true);
  expect(takes({ ...ready, ...failed })).toBe(false);
  expect(takes({ ...ready, resources: ["arn:aws:s3:::user-profile-images-111122223333-dev"] })).toBe(false);
});
