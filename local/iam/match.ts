// How IAM compares names: with `*` and `?`, whole strings or ARNs segment by segment.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html

/** Whether a text is what was compiled. */
export type Match = (text: string) => boolean;

/** Compiles a pattern in which `*` stands for any text and `?` for one character. */
export function createGlob(pattern: string): Match {
  if (pattern === "*") return () => true;
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  return (text) => matchesGlob(pattern, text);
}

/**
 * Only the last star seen ever takes more text, so that time grows with the lengths' product at most. A regular
 * expression would take exponential time for a pattern of many stars.
 */
function matchesGlob(pattern: string, text: string): boolean {
  let [inPattern, inText, afterStar, starredUpTo] = [0, 0, -1, 0];
  while (inText < text.length) {
    if (pattern[inPattern] === "*") {
      inPattern += 1;
      [afterStar, starredUpTo] = [inPattern, inText];
    } else if (pattern[inPattern] === "?" || pattern[inPattern] === text[inText]) {
      inPattern += 1;
      inText += 1;
    } else if (afterStar >= 0) {
      starredUpTo += 1;
      [inPattern, inText] = [afterStar, starredUpTo];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

/** Compiles an ARN pattern: a wildcard never crosses the colons of the first five segments, only those of the last. */
export function createArnGlob(pattern: string): Match {
  if (pattern === "*") return () => true;
  const globs = segmentsOf(pattern).map(createGlob);
  return (arn) => {
    const segments = segmentsOf(arn);
    return segments.length === globs.length && globs.every((glob, index) => glob(segments[index] ?? ""));
  };
}

/** Whether a text has the six segments of an ARN. */
export const isArn = (text: string): boolean => segmentsOf(text).length === ARN_SEGMENTS && text.startsWith("arn:");

/** `arn:partition:service:region:account:resource`; the resource may hold more colons. */
const ARN_SEGMENTS = 6;

function segmentsOf(arn: string): string[] {
  const segments = arn.split(":");
  if (segments.length <= ARN_SEGMENTS) return segments;
  return [...segments.slice(0, ARN_SEGMENTS - 1), segments.slice(ARN_SEGMENTS - 1).join(":")];
}
