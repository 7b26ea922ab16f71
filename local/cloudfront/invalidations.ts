// The invalidations of one distribution. Here the edge is one place, so that what is invalidated is gone at once; who asks
// is told of it at the next look, as on AWS, where it takes about a minute.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Invalidation.html

import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../aws-error";
import { normalize } from "./cache-behavior";
import { newId } from "./ids";

export interface InvalidationBatch {
  readonly Paths: { readonly Quantity: number; readonly Items?: readonly string[] };
  readonly CallerReference: string;
}

export interface Invalidation {
  readonly Id: string;
  readonly Status: "InProgress" | "Completed";
  readonly CreateTime: Date;
  readonly InvalidationBatch: InvalidationBatch;
}

/** Of files in one request: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MOST_PATHS = 3000;
const MOST_WILDCARDS = 15;
const LONGEST_PATH = 4000;

export type Invalidations = ReturnType<typeof createInvalidations>;

/** @param drop removes from the edge what a path, normalized, fits */
export function createInvalidations(drop: (fits: (path: string) => boolean) => void) {
  /** The newest first, as they are listed. */
  const all: Invalidation[] = [];

  return {
    /** @returns the one with this reference, if it is the same */
    create(batch: InvalidationBatch): Invalidation {
      const items = checkedPaths(batch);
      const same = all.find(({ InvalidationBatch: other }) => other.CallerReference === batch.CallerReference);
      if (same !== undefined) {
        if (isDeepStrictEqual(same.InvalidationBatch, batch)) return same;
        throw new AwsError(
          "InvalidationBatchAlreadyExists",
          `There is an invalidation with the caller reference "${batch.CallerReference}" and other paths`,
          400,
        );
      }
      const invalidation: Invalidation = {
        Id: newId("I"),
        Status: "InProgress",
        CreateTime: new Date(),
        InvalidationBatch: batch,
      };
      all.unshift(invalidation);
      const tests = items.map(testOf);
      drop((path) => tests.some((isMeant) => isMeant(path)));
      return invalidation;
    },
    get: (id: string): Invalidation | undefined => completed(all.find(({ Id }) => Id === id)),
    list: (): readonly Invalidation[] => all.map(completed),
  };
}

const completed = <T extends Invalidation | undefined>(invalidation: T): T =>
  invalidation && { ...invalidation, Status: "Completed" };

function checkedPaths({ Paths: { Quantity, Items = [] } }: InvalidationBatch): readonly string[] {
  if (Quantity !== Items.length) {
    const message = `The value of Quantity and the size of Items do not match (given ${Quantity} and ${Items.length})`;
    throw new AwsError("InconsistentQuantities", message, 400);
  }
  if (Items.length === 0) throw new AwsError("InvalidArgument", "An invalidation needs at least one path", 400);
  const wildcards = Items.filter((path) => path.endsWith("*")).length;
  if (Items.length > MOST_PATHS || wildcards > MOST_WILDCARDS) {
    const most = `at most ${MOST_PATHS} paths, ${MOST_WILDCARDS} of them with a wildcard`;
    throw new AwsError("BatchTooLarge", `An invalidation has ${most} (given ${Items.length}, ${wildcards})`, 413);
  }
  const wrong = Items.find((path) => !isPath(path));
  if (wrong === undefined) return Items;
  const allowed = `at most ${LONGEST_PATH} characters of an encoded URL, with * at the end alone`;
  throw new AwsError("InvalidArgument", `An invalidation path must have ${allowed} (given "${wrong}")`, 400);
}

const isPath = (path: string): boolean =>
  path.length > 0 && path.length <= LONGEST_PATH && /^[\x21-\x7e]+$/.test(path) && !/["<>\\^`{|}]|\*./.test(path);

/** The first slash may be left out. */
function testOf(given: string): (path: string) => boolean {
  const isPrefix = given.endsWith("*");
  const wanted = normalize(`${given.startsWith("/") ? "" : "/"}${isPrefix ? given.slice(0, -1) : given}`);
  return (path) => (isPrefix ? path.startsWith(wanted) : path === wanted);
}
