// The settings that users edit in cdktf.json under "context": each with its default, its check, and what is allowed.
// An unknown name or a wrong value is an error that says all three.

import { UserError } from "./user-error";

export interface Thumbnail {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** https://tinypng.com/developers/reference#resizing-images */
  readonly method: "fit" | "cover" | "thumb";
}

export interface Settings {
  /** @default eu-west-1 */
  readonly region: string;
  /** Added to all names as `-<stage>`, so that several stages fit into one account. @default - none */
  readonly stage?: string;
  /** Name of the images bucket. @default user-profile-images-<account id> */
  readonly bucketName?: string;
  /** @default user-profile */
  readonly tableName: string;
  /** Ends of the keys under original/ that start the pipeline, as they are written: S3 minds the case. @default .jpg */
  readonly uploadSuffixes: readonly string[];
  /** @default fit 150×150 */
  readonly thumbnail: Thumbnail;
  /** Keeps the thumbnails of photos that their profile no longer has. @default false */
  readonly keepPreviousThumbnails: boolean;
  /** To be changed, to any other number, whenever a new TinyPNG key is to be written. @default 1 */
  readonly tinypngKeyVersion: number;
}

interface Rule {
  readonly isValid: (value: unknown) => boolean;
  readonly allowed: string;
}

const MAX_PIXELS = 4096;
/** Room for a date, such as 20261124. */
const MAX_VERSION = 99_999_999;
const METHODS: readonly unknown[] = ["fit", "cover", "thumb"] satisfies Thumbnail["method"][];

const matches = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);

const PIXELS: Rule = {
  isValid: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_PIXELS,
  allowed: `a whole number of pixels from 1 to ${MAX_PIXELS}`,
};

const THUMBNAIL_RULES: Readonly<Record<keyof Thumbnail, Rule>> = {
  width: PIXELS,
  height: PIXELS,
  method: { isValid: (value) => METHODS.includes(value), allowed: `one of ${METHODS.join(", ")}` },
};

const RULES: Readonly<Record<Exclude<keyof Settings, "thumbnail">, Rule>> = {
  region: { isValid: matches(/^[a-z]{2}(-[a-z]+)+-\d+$/), allowed: "an AWS region such as eu-west-1" },
  stage: {
    isValid: matches(/^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/),
    allowed: "1 to 16 lower-case letters, digits and hyphens, a letter first and no hyphen last",
  },
  // No dots, which AWS allows: they break TLS on bucket.s3.amazonaws.com. The stage is added, and 63 is the end.
  bucketName: {
    isValid: matches(/^[a-z0-9][a-z0-9-]{1,44}[a-z0-9]$/),
    allowed: "3 to 46 lower-case letters, digits and hyphens, no hyphen first or last",
  },
  tableName: { isValid: matches(/^[A-Za-z0-9_.-]{3,200}$/), allowed: "3 to 200 letters, digits and _ . -" },
  uploadSuffixes: {
    isValid: (value) =>
      Array.isArray(value) && value.length > 0 && value.every(matches(/^\.[A-Za-z0-9.]{1,20}$/)) && !overlap(value),
    allowed:
      'a list of suffixes such as [".jpg", ".png"], each a dot and then letters and digits, and none the end of another',
  },
  keepPreviousThumbnails: { isValid: (value) => typeof value === "boolean", allowed: "true or false" },
  tinypngKeyVersion: {
    isValid: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_VERSION,
    allowed: `a whole number from 1 to ${MAX_VERSION}`,
  },
};

const DEFAULTS: Settings = {
  region: "eu-west-1",
  tableName: "user-profile",
  uploadSuffixes: [".jpg"],
  thumbnail: { width: 150, height: 150, method: "fit" },
  keepPreviousThumbnails: false,
  tinypngKeyVersion: 1,
};

/** Settings from the context of cdktf.json; throws a UserError for the first mistake. */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  // CDKTF's command line adds values of its own (cdktfRelativeModules).
  const given = Object.fromEntries(Object.entries(context).filter(([key]) => !key.startsWith("cdktf")));
  const { thumbnail = {}, ...others } = given;
  check("", others, RULES, ["thumbnail"]);
  if (!isRecord(thumbnail))
    throw wrong("thumbnail", thumbnail, 'such as {"width": 150, "height": 150, "method": "fit"}');
  check("thumbnail.", thumbnail, THUMBNAIL_RULES);
  // The checks have just established the types.
  return { ...DEFAULTS, ...others, thumbnail: { ...DEFAULTS.thumbnail, ...thumbnail } } as Settings;
}

function check(
  path: string,
  values: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
  alsoKnown: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(values)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      const known = [...Object.keys(rules), ...alsoKnown].map((each) => path + each).join(", ");
      throw new UserError(
        `cdktf.json: the setting "${path}${name}" is not known (given ${JSON.stringify(value)}); known are ${known}`,
      );
    }
    if (!rule.isValid(value)) throw wrong(path + name, value, rule.allowed);
  }
}

const wrong = (name: string, value: unknown, allowed: string) =>
  new UserError(`cdktf.json: the setting "${name}" must be ${allowed} (given ${JSON.stringify(value)})`);

/** S3 refuses notifications whose filters overlap. */
const overlap = (suffixes: readonly string[]): boolean =>
  suffixes.some((one, index) => suffixes.some((other, place) => place !== index && other.endsWith(one)));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
