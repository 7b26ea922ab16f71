// ProjectionExpression: paths, separated by commas.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html

import { createCursor } from "./cursor";
import type { Projection } from "./syntax";

/** Parses a projection. */
export function parseProjection(text: string): Projection {
  const cursor = createCursor(text);
  const paths = cursor.list(cursor.path);
  cursor.end();
  cursor.refuseSteps();
  return paths;
}
