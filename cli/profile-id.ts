// The number of a profile as a user gives it to a command.

import { InvalidArgumentError } from "commander";
import { isProfileId } from "../operations/upload-target";

/** DynamoDB's numbers: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const ANY_NUMBER = /^-?(\d{1,126}(\.\d{1,130})?|\.\d{1,130})(E[+-]?\d{1,3})?$/i;

/** The number of a profile that is there, whoever made it: no photo can be for some of them, but they are listed. */
export function parseAnyProfileId(text: string): string {
  if (ANY_NUMBER.test(text)) return text;
  throw new InvalidArgumentError("It must be the number of a profile, such as 12.");
}

/** The number of a profile as an option's value. */
export function parseProfileId(text: string): string {
  if (isProfileId(text)) return text;
  throw new InvalidArgumentError(
    `It must be the number of a profile, a whole number from 0 to ${Number.MAX_SAFE_INTEGER} in plain digits.`,
  );
}
