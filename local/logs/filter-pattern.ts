// Filter patterns of CloudWatch Logs for unstructured lines: terms, "quoted phrases", ?optional and -excluded terms.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

import { AwsError } from "../aws-error";

/** Turns a pattern into a test of a line; a kind of pattern that we do not know is refused by name. */
export function parseFilterPattern(pattern: string): (message: string) => boolean {
  const trimmed = pattern.trim();
  if (/^[{[%]/.test(trimmed)) {
    throw new AwsError(
      "InvalidParameterException",
      `The embedded AWS knows filter patterns of terms only, no JSON, column or regular expression pattern (given ${pattern})`,
    );
  }
  const terms = [...trimmed.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, phrase, word]) => ({
    sign,
    text: phrase?.replace(/\\(.)/g, "$1") ?? word ?? "",
  }));
  const having = (sign: string) => terms.filter((term) => term.sign === sign).map((term) => term.text);
  const [required, optional, excluded] = [having(""), having("?"), having("-")];
  return (message) =>
    required.every((text) => message.includes(text)) &&
    (optional.length === 0 || optional.some((text) => message.includes(text))) &&
    !excluded.some((text) => message.includes(text));
}
