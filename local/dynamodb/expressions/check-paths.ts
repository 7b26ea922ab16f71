// No two paths of an update or a projection may touch: neither be the same or one within the other (they overlap), nor
// take one attribute for a list and for a map (they conflict).

import { type Path, showPath } from "./bindings";
import { ExpressionError } from "./tokens";

interface Node {
  /** The newest path through this node. */
  newest: number;
  /** The path that ends here. */
  end?: number;
  readonly members: Map<string | number, Node>;
  readonly elements: Map<string | number, Node>;
}

const createNode = (newest: number): Node => ({ newest, members: new Map(), elements: new Map() });

/** Where a step leads, and what would make an attribute of the other type of this one. */
const childrenOf = ({ members, elements }: Node, step: string | number) =>
  typeof step === "string" ? { children: members, others: elements } : { children: elements, others: members };

/** Refuses the first two paths that touch, overlaps before conflicts. */
export function refuseTouching(paths: readonly Path[]): void {
  const root = createNode(0);
  let conflict: readonly [number, number] | undefined;
  for (const [index, path] of paths.entries()) {
    let node = root;
    for (const step of path) {
      if (node.end !== undefined) throw touch("overlap", paths, node.end, index);
      const { children, others } = childrenOf(node, step);
      const [other] = others.values();
      if (other !== undefined) conflict ??= [other.newest, index];
      const child = children.get(step) ?? createNode(index);
      children.set(step, child);
      node = child;
    }
    const other = node.end ?? (node.members.size + node.elements.size > 0 ? node.newest : undefined);
    if (other !== undefined) throw touch("overlap", paths, other, index);
    node.end = index;
    markNewest(root, path, index);
  }
  if (conflict !== undefined) throw touch("conflict", paths, ...conflict);
}

function markNewest(root: Node, path: Path, index: number): void {
  let node: Node | undefined = root;
  for (const step of path) {
    node = node && childrenOf(node, step).children.get(step);
    if (node !== undefined) node.newest = index;
  }
}

function touch(how: "overlap" | "conflict", paths: readonly Path[], one: number, two: number): ExpressionError {
  const [first, second] = [paths[one] as Path, paths[two] as Path];
  return new ExpressionError(
    `Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: ${showPath(first)}, path two: ${showPath(second)}`,
  );
}
