import { stackNameOf } from "../../stack/stack-name";

test.each<[string, Parameters<typeof stackNameOf>[0]]>([
  ["profile-image", { stateBackend: "local" }],
  ["profile-image-dev", { stage: "dev", stateBackend: "local" }],
  ["profile-image.our-states", { stateBackend: { bucket: "our-states" } }],
  ["profile-image-dev.our-states", { stage: "dev", stateBackend: { bucket: "our-states" } }],
])("the folder %s is for %j", (name, settings) => {
  expect(stackNameOf(settings)).toBe(name);
});

test("each place of a state has a folder of its own", () => {
  const places = [
    {},
    { key: "one.tfstate" },
    { key: "two.tfstate" },
    { region: "us-east-1" },
    { key: "one.tfstate", region: "us-east-1" },
  ].map((place) => stackNameOf({ stateBackend: { bucket: "our-states", ...place } }));
  expect(new Set(places).size).toBe(places.length);
});
