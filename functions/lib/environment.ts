// The configuration of a function: environment variables, read once at start. What is missing or wrong stops the cold
// start with its name, long before a photo is touched.

/** The value of a variable; throws an Error that names it when it is missing or empty. */
export function requiredEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set`);
  return value;
}

/** The value of a variable that is a whole number of at least 1. */
export function requiredPositiveInteger(name: string): number {
  const text = requiredEnvironment(name);
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new Error(`The environment variable ${name} must be a whole number from 1 (given "${text}")`);
  }
  return Number(text);
}

/** The value of a variable that is one of a few words. */
export function requiredOneOf<T extends string>(name: string, allowed: readonly T[]): T {
  const text = requiredEnvironment(name);
  const found = allowed.find((each) => each === text);
  if (found === undefined) {
    throw new Error(`The environment variable ${name} must be one of ${allowed.join(", ")} (given "${text}")`);
  }
  return found;
}
