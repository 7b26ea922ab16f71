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
      "service TinyPNG",
      "stream NEW_AND_OLD_IMAGES",
      "table user-profile",
    ]);
  });

  test("shows the way of a photo, and where what fails goes", () => {
    const flows = diagram.edges.filter(({ kind }) => kind === "flow" || kind === "failure");
    expect(flows.map(({ from, to, label }) => `${nameOf(from)} → ${nameOf(to)}: ${label}`).sort()).toEqual([
      "CreateThumbnail → TinyPNG: shrink, resize",
      "CreateThumbnail → user-profile-failures-111122223333: on failure",
      "CreateThumbnail → user-profile-images-111122223333: PutObject",
      "CreateThumbnail → user-profile: UpdateItem",
      "SetProfileImage → user-profile-failures-111122223333: on failure",
      "SetProfileImage → user-profile: UpdateItem",
      "stream → CreateThumbnail: batches of 10",
      "user-profile → stream: changes",
      "user-profile-images-111122223333 → SetProfileImage: ObjectCreated:*",
    ]);
  });

  test("has the bucket and the table that were there before the stack, too", () => {
    const block = (type: string, body: Record<string, unknown>) => ({
      address: `${type}.its`,
      type,
      body,
      lifecycle: {},
    });
    const { nodes, edges } = createDiagram(
      {
        ...readStack(synthesizedStack()),
        blocks: [
          block("data.aws_s3_bucket", { bucket: "photos-of-members" }),
          block("data.aws_dynamodb_table", { name: "members" }),
          block("aws_lambda_function", { function_name: "CreateThumbnail" }),
          block("aws_lambda_event_source_mapping", {
            event_source_arn: "${data.aws_dynamodb_table.its.stream_arn}",
            function_name: "${aws_lambda_function.its.function_name}",
            batch_size: 10,
          }),
        ],
      },
      "111122223333",
    );
    expect(nodes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "bucket photos-of-members",
      "table members",
      "stream NEW_AND_OLD_IMAGES",
      "function CreateThumbnail",
    ]);
    expect(edges.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      "data.aws_dynamodb_table.its → data.aws_dynamodb_table.its.stream",
      "data.aws_dynamodb_table.its.stream → aws_lambda_function.its",
    ]);
  });

  test("shows what each role may do", () => {
    const grants = diagram.edges.filter(({ kind }) => kind === "grant");
    expect(grants.map(({ from, to, label }) => `${nameOf(from)} → ${nameOf(to)}: ${label}`)).toContain(
      "SetProfileImageRole → user-profile: UpdateItem",
    );
  });

  test.each<[string, Layout]>([
    ["wide", layoutWide(diagram)],
    ["narrow", layoutNarrow(diagram)],
  ])(
    "stands on a %s screen with every node in a place of its own, and an edge for each way of a photo",
    (_name, layout) => {
      const drawn = diagram.nodes.filter(({ kind }) => kind !== "role");
      expect([...layout.nodes.keys()].sort()).toEqual(drawn.map(({ id }) => id).sort());
      const cells = [...layout.nodes.values()].map(({ column, row }) => `${column}, ${row}`);
      expect(new Set(cells).size).toBe(drawn.length);
      expect(layout.edges).toHaveLength(9);
    },
  );

  test("leads each photo along one line, and its thumbnail back over it", () => {
    const routes = layoutWide(diagram).edges.map(
      ({ edge, route }) => `${nameOf(edge.from)} ${route} ${nameOf(edge.to)}`,
    );
    expect(routes.sort()).toEqual([
      "CreateThumbnail down-left user-profile-failures-111122223333",
      "CreateThumbnail over-left user-profile",
      "CreateThumbnail over-left user-profile-images-111122223333",
      "CreateThumbnail right TinyPNG",
      "SetProfileImage down-right user-profile-failures-111122223333",
      "SetProfileImage right user-profile",
      "stream right CreateThumbnail",
      "user-profile right stream",
      "user-profile-images-111122223333 right SetProfileImage",
    ]);
  });
});
