// The suffixes of uploads. S3's filters are case-sensitive, and cameras, browsers and people write .jpg, .JPG or .Jpg;
// a photo that no filter matches would be lost silently.

/** Notifications that S3 keeps for a bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html */
const MAX_FILTERS = 100;

const capitalized = (suffix: string): string =>
  suffix.toLowerCase().replace(/\.[a-z]/g, (start) => start.toUpperCase());

/** As written, lower case, upper case and capitalized; what people mix otherwise (.jPG) is not worth a filter. */
export const caseVariants = (suffix: string): string[] => [
  ...new Set([suffix, suffix.toLowerCase(), suffix.toUpperCase(), capitalized(suffix)]),
];

/** Whether S3 would take all suffixes with their variants: it refuses filters that overlap. */
export function fitTogether(suffixes: readonly string[]): boolean {
  const lower = suffixes.map((suffix) => suffix.toLowerCase());
  const overlap = lower.some((one, index) => lower.some((other, place) => place !== index && other.endsWith(one)));
  return !overlap && suffixes.flatMap(caseVariants).length <= MAX_FILTERS;
}
