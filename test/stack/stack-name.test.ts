import { stackNameOf } from "../../stack/stack-name";

test.each<[string, Parameters<typeof stackNameOf>[0]]>([
  ["profile-image", { region: "eu-west-1", stateBackend: "local" }],
  ["profile-image-dev", { region: "eu-west-1", stage: "dev", stateBackend: "local" }],
  ["profile-image.our-states", { region: "eu-west-1", stateBackend: { bucket: "our-states" } }],
  ["profile-image-dev.our-states", { region: "eu-west-1", stage: "dev", stateBackend: { bucket: "our-states" } }],
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
  ].map((place) => stackNameOf({ region: "eu-west-1", stateBackend: { bucket: "our-states", ...place } }));
  expect(new Set(places).size).toBe(places.length);
});

test("a state that follows the stack to another region is in another place", () => {
  const names = ["eu-west-1", "us-west-2"].map((region) => stackNameOf({ region, stateBackend: { bucket: "states" } }));
  expect(new Set(names).size).toBe(2);
});
