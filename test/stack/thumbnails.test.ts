// The setting `thumbnails`: one variable of CreateThumbnail, and nothing else.

import { synthesizeStack } from "./synthesized-stack";

const SIZES = [
  { name: "card", width: 150, height: 150, method: "fit", format: "original" },
  { name: "small", width: 64, height: 64, method: "cover", format: "webp" },
];
const FUNCTION = "aws_lambda_function.create_thumbnail_function";

type Variables = Record<string, string>;

const variablesOf = (context: Record<string, unknown>): Variables =>
  (synthesizeStack(context).resource(FUNCTION).environment as { variables: Variables }).variables;

const isOfSize = (name: string) => /^THUMBNAIL_(WIDTH|HEIGHT|METHOD)$|^THUMBNAILS$/.test(name);

test("CreateThumbnail gets the list in place of the one size", () => {
  const variables = variablesOf({ thumbnails: SIZES });
  expect(JSON.parse(variables.THUMBNAILS ?? "")).toEqual(SIZES);
  expect(Object.keys(variables).filter(isOfSize)).toEqual(["THUMBNAILS"]);
  expect(Object.keys(variablesOf({})).filter(isOfSize)).toEqual([
    "THUMBNAIL_HEIGHT",
    "THUMBNAIL_METHOD",
    "THUMBNAIL_WIDTH",
  ]);
});

test("no role may do anything more, and nothing else changes", () => {
  const withoutSizes = (context: Record<string, unknown>) => {
    const { json, resource } = synthesizeStack(context);
    const variables = (resource(FUNCTION).environment as { variables: Variables }).variables;
    for (const name of Object.keys(variables).filter(isOfSize)) delete variables[name];
    return json;
  };
  expect(withoutSizes({ thumbnails: SIZES })).toEqual(withoutSizes({}));
});
