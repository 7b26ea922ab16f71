// A parameter that holds an expression: its limits, its name before each error, and its newest texts parsed only once.

import { ExpressionError } from "./tokens";

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_BYTES = 4096;

/** An application has few texts; one that writes values into its texts must not fill the memory. */
const MAX_KEPT = 200;

/** Makes the parser of one parameter; it hands the tree on to a check, and names the parameter in what either throws. */
export function createParser<Tree>(parameter: string, parse: (text: string) => Tree) {
  const kept = new Map<string, Tree>();

  function treeOf(text: string): Tree {
    const known = kept.get(text);
    if (known !== undefined) return known;
    refuseSize(text);
    const tree = parse(text);
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(text, tree);
    return tree;
  }

  return <Checked>(text: string | undefined, check: (tree: Tree) => Checked): Checked | undefined => {
    if (text === undefined) return undefined;
    try {
      return check(treeOf(text));
    } catch (error) {
      throw error instanceof ExpressionError ? new ExpressionError(`Invalid ${parameter}: ${error.message}`) : error;
    }
  };
}

function refuseSize(text: string): void {
  if (text === "") throw new ExpressionError("The expression can not be empty;");
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    throw new ExpressionError(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
  }
}
