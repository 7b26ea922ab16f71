// The stack's diagram, drawn up from the stack that this project really synthesizes.

import { createDiagram } from "../../console/diagram";
import type { Layout } from "../../console/page/layout";
import { layoutNarrow } from "../../console/page/layout-narrow";
import { layoutWide } from "../../console/page/layout-wide";
import { readStack } from "../../local/template/read-stack";
import { synthesizedStack } from "../pipeline";

const diagram = createDiagram(readStack(synthesizedStack()), "111122223333");
const nameOf = (id: string) => {
  const { kind, name } = diagram.nodes.find((node) => node.id === id) ?? { kind: "", name: id };
  return kind === "stream" ? "stream" : name;
};

describe("The diagram of the stack", () => {
  test("has the buckets, functions, table, stream and roles by their names", () => {
    expect(diagram.nodes.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      "bucket user-profile-failures-111122223333",
      "bucket user-profile-images-111122223333",
      "function CreateThumbnail",
      "function SetProfileImage",
      "role CreateThumbnailRole",
      "role SetProfileImageRole",
      "stream NEW_AND_OLD_IMAGES",
      "table user-profile",
    ]);
  });

  test("shows the way of a photo, and where what fails goes", () => {
    const flows = diagram.edges.filter(({ kind }) => kind === "flow");
    expect(flows.map(({ from, to, label }) => `${nameOf(from)} → ${nameOf(to)}: ${label}`).sort()).toEqual([
      "CreateThumbnail → user-profile-failures-111122223333: on failure",
      "CreateThumbnail → user-profile-images-111122223333: PutObject",
      "SetProfileImage → user-profile-failures-111122223333: on failure",
      "SetProfileImage → user-profile: UpdateItem",
      "stream → CreateThumbnail: batches of 10",
      "user-profile → stream: changes",
      "user-profile-images-111122223333 → SetProfileImage: ObjectCreated:*",
    ]);
  });

  test("shows what each role may do", () => {
    const grants = diagram.edges.filter(({ kind }) => kind === "grant");
    expect(grants.map(({ from, to, label }) => `${nameOf(from)} → ${nameOf(to)}: ${label}`)).toContain(
      "SetProfileImageRole → user-profile: UpdateItem",
    );
  });

  test.each<[string, () => Layout]>([
    ["wide", () => layoutWide(diagram)],
    ["narrow", () => layoutNarrow(diagram)],
  ])("stands on a %s screen without one node on another, and within its size", (_name, layout) => {
    const { nodes, width, height } = layout();
    expect(nodes).toHaveLength(diagram.nodes.length);
    for (const [index, one] of nodes.entries()) {
      expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height).toBe(true);
      const overlapping = nodes
        .slice(index + 1)
        .filter(
          (other) =>
            one.x < other.x + other.width &&
            other.x < one.x + one.width &&
            one.y < other.y + other.height &&
            other.y < one.y + one.height,
        );
      expect(overlapping.map(({ name }) => name)).toEqual([]);
    }
  });
});
