// DynamoDB's numbers: 38 significant digits, magnitudes from 1e-130 to 9.99…e125, kept as decimal text.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html

const MAX_DIGITS = 38;
const MAX_MAGNITUDE = 125;
const MIN_MAGNITUDE = -130;

export const OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range";
export const UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range";

/** What is not a number of DynamoDB's, in its words. */
export class NumberError extends Error {}

/** Coefficient × 10 to the power of exponent; a coefficient other than 0 does not end in 0. */
interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:e([+-]?\d+))?$/i;

function parse(text: string): Decimal {
  const match = NUMBER.exec(text);
  if (match === null) {
    throw new NumberError(`The parameter cannot be converted to a numeric value${text === "" ? "" : `: ${text}`}`);
  }
  const [, sign, whole = "", fraction = "", bareFraction = "", power = "0"] = match;
  const written = `${whole}${fraction}${bareFraction}`.replace(/^0+/, "");
  const digits = written.replace(/0+$/, "");
  if (digits === "") {
    refuseMagnitude(Number(power) - fraction.length - bareFraction.length); // DynamoDB judges zero by how it is written.
    return { coefficient: 0n, exponent: 0 };
  }
  const exponent = Number(power) - fraction.length - bareFraction.length + (written.length - digits.length);
  refuseMagnitude(digits.length + exponent - 1);
  if (digits.length > MAX_DIGITS) {
    throw new NumberError("Attempting to store more than 38 significant digits in a Number");
  }
  return { coefficient: BigInt(`${sign === "-" ? "-" : ""}${digits}`), exponent };
}

function refuseMagnitude(magnitude: number): void {
  if (magnitude > MAX_MAGNITUDE) throw new NumberError(OVERFLOW);
  if (magnitude < MIN_MAGNITUDE) throw new NumberError(UNDERFLOW);
}

function format({ coefficient, exponent }: Decimal): string {
  const digits = String(coefficient < 0n ? -coefficient : coefficient);
  const sign = coefficient < 0n ? "-" : "";
  if (exponent >= 0) return `${sign}${digits}${"0".repeat(exponent)}`;
  const padded = digits.padStart(1 - exponent, "0");
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** The one text that DynamoDB returns for a number, however it was written; throws a NumberError. */
export function canonicalNumber(text: string): string {
  return format(parse(text));
}

/** The sum of two numbers, which DynamoDB must be able to keep as it is. */
export function addNumbers(a: string, b: string): string {
  const [one, other] = [parse(a), parse(b)];
  const exponent = Math.min(one.exponent, other.exponent);
  const sum = String(shortenedMs(one, exponent) + shortenedMs(other, exponent));
  const digits = sum.replace(/^-|0+$/g, "");
  // DynamoDB says so of a sum with too many digits as well.
  if (digits.length > MAX_DIGITS) throw new NumberError(OVERFLOW);
  return canonicalNumber(`${sum}e${exponent}`);
}

/** The difference of two numbers. */
export function subtractNumbers(a: string, b: string): string {
  return addNumbers(a, b.startsWith("-") ? b.slice(1) : `-${b.replace(/^\+/, "")}`);
}

/** Negative, 0 or positive, as for sorting. */
export function compareNumbers(a: string, b: string): number {
  const [one, other] = [parse(a), parse(b)];
  const exponent = Math.min(one.exponent, other.exponent);
  const difference = shortenedMs(one, exponent) - shortenedMs(other, exponent);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

const shortenedMs = ({ coefficient, exponent }: Decimal, to: number): bigint =>
  coefficient * 10n ** BigInt(exponent - to);
