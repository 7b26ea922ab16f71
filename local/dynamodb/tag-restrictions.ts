// Which tags a table may have.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html#TaggingRestrictions

import { AwsError } from "../aws-error";

const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Refuses tags that no table may have, or not in addition to those that it has. */
export function refuseTags(
  given: readonly { readonly Key: string; readonly Value: string }[],
  before: ReadonlyMap<string, string>,
): void {
  const keys = new Set([...before.keys(), ...given.map(({ Key }) => Key)]);
  if (given.length === 0) throw invalid("at least one tag must be given");
  if (keys.size > MOST_TAGS) throw invalid(`a table has at most ${MOST_TAGS} tags (with these ${keys.size})`);
  for (const { Key, Value } of given) {
    if (Key.length < 1 || Key.length > LONGEST_KEY) {
      throw invalid(`a tag's key has 1 to ${LONGEST_KEY} characters (given ${Key.length})`);
    }
    if (Value.length > LONGEST_VALUE) {
      throw invalid(`a tag's value has at most ${LONGEST_VALUE} characters (given ${Value.length})`);
    }
    const wrong = [Key, Value].find((text) => !ALLOWED.test(text));
    if (wrong !== undefined) throw invalid(`a tag has letters, digits, spaces and _.:/=+-@ only (given ${wrong})`);
  }
}

const invalid = (problem: string) =>
  new AwsError("ValidationException", `One or more parameter values were invalid: ${problem}`);
