// How an edge goes from node to node: the style sheet draws it with the borders of its box, and photos travel along them.

/** The first six stand in the wide layout, the last three in the narrow one. */
export type Route =
  | "right"
  | "over-left"
  | "over-right"
  | "down-right"
  | "down-left"
  | "drop"
  | "down"
  | "side-up"
  | "side-down";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type Point = readonly [x: number, y: number];

/** The corners of the way along an edge's box. */
export function pointsOf(route: Route, { left, top, right, bottom }: Box): readonly Point[] {
  const topLeft: Point = [left, top];
  const topRight: Point = [right, top];
  const bottomLeft: Point = [left, bottom];
  const bottomRight: Point = [right, bottom];
  switch (route) {
    case "right":
      return [topLeft, topRight];
    case "over-left":
      return [bottomRight, topRight, topLeft, bottomLeft];
    case "over-right":
      return [bottomLeft, topLeft, topRight, bottomRight];
    case "down-right":
      return [topLeft, bottomLeft, bottomRight];
    case "down-left":
      return [topRight, bottomRight, bottomLeft];
    case "drop":
    case "down":
      return [topLeft, bottomLeft];
    case "side-up":
      return [bottomRight, bottomLeft, topLeft, topRight];
    case "side-down":
      return [topRight, topLeft, bottomLeft, bottomRight];
  }
}
