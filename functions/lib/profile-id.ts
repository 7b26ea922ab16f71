// What identifies a profile: a number, as in the article, or a string, such as the user ids of an identity provider.
// It is the key of the table, and what an uploader writes into `user-profile-id`.

/** The setting `profileId`. */
export const PROFILE_ID_TYPES = ["number", "string"] as const;
export type ProfileIdType = (typeof PROFILE_ID_TYPES)[number];

/** A key of the table, as DynamoDB takes and gives it. */
export type ProfileKey = { id: { N: string } | { S: string } };

export interface ProfileIds {
  readonly type: ProfileIdType;
  /** Of the table's key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
  readonly attributeType: "N" | "S";
  /** What a photo can be for, in words. */
  readonly allowed: string;
  /** Whether a photo can be for a profile of this id. */
  isId(text: string): boolean;
  /** Whether a profile that is there can have this id, whoever made it. */
  isKey(text: string): boolean;
  keyOf(id: string): ProfileKey;
  compare(one: string, other: string): number;
}

/** DynamoDB's numbers. */
const ANY_NUMBER = /^-?(\d{1,126}(\.\d{1,130})?|\.\d{1,130})(E[+-]?\d{1,3})?$/i;
const MAX_KEY_BYTES = 2048;

/** " 2", "2.0", "1e3", "-1", "007" and 2^53 are malformed: guessing could give a photo to somebody else. */
const NUMBERS: ProfileIds = {
  type: "number",
  attributeType: "N",
  allowed: `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, in plain digits`,
  isId: (text) => /^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text)),
  isKey: (text) => ANY_NUMBER.test(text),
  keyOf: (id) => ({ id: { N: id } }),
  compare: (one, other) => Number(one) - Number(other),
};

/**
 * What S3's metadata carries unchanged: HTTP removes spaces at the ends, and what is not ASCII, or looks like an
 * encoded word of RFC 2047, comes back changed.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
 */
const TEXTS: ProfileIds = {
  type: "string",
  attributeType: "S",
  allowed: "1 to 255 printable ASCII characters, without a space at either end",
  isId: (text) => /^(?! )[ -~]{1,255}(?<! )$/.test(text) && !/=\?.*\?[bq]\?.*\?=/i.test(text),
  isKey: (text) => text !== "" && new TextEncoder().encode(text).length <= MAX_KEY_BYTES,
  keyOf: (id) => ({ id: { S: id } }),
  compare: (one, other) => one.localeCompare(other, "en", { numeric: true }),
};

export const profileIds = (type: ProfileIdType): ProfileIds => (type === "string" ? TEXTS : NUMBERS);

/** The id in a key or an item of either type; undefined where there is none. */
export const idIn = (
  item: { readonly id?: { readonly N?: string; readonly S?: string } } | undefined,
): string | undefined => item?.id?.N ?? item?.id?.S;
