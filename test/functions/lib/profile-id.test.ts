import { idIn, profileIds } from "../../../functions/lib/profile-id";

const numbers = profileIds("number");
const texts = profileIds("string");

it.each(["0", "7", "10", "9007199254740991"])("%s is the number of a profile", (text) => {
  expect(numbers.isId(text)).toBe(true);
  expect(numbers.keyOf(text)).toEqual({ id: { N: text } });
});

it.each([
  ["a space before it", " 2"],
  ["a space behind it", "2 "],
  ["a line's end behind it", "2\n"],
  ["decimals", "2.0"],
  ["an exponent", "1e3"],
  ["a sign", "-1"],
  ["a plus sign", "+1"],
  ["leading zeros", "007"],
  ["zeros only", "00"],
  ["hexadecimal digits", "0x1"],
  ["2^53", "9007199254740992"],
  ["words", "two"],
  ["nothing in it", ""],
  ["several of them, as S3 joins doubled headers", "1,2"],
  ["RFC 2047 text", "=?UTF-8?B?Mg==?="],
  ["other scripts' digits", "２"],
])("a string with %s is not the number of a profile", (_what, text) => {
  expect(numbers.isId(text)).toBe(false);
});

it.each([
  ["Cognito", "3f2a9c1e-70b1-7091-5f3c-0a1b2c3d4e5f"],
  ["Auth0", "auth0|5f7c8ec7c33c6c004bbafe82"],
  ["Clerk", "user_2NNEqL2nrIRdJ194ndJqAHwEfxC"],
  ["Firebase", "TqEMzJTVNxhhrPRfXqYxWwV1Xyz2"],
  ["an address", "pete.mitchell+test@example.com"],
  ["a path", "org/team/7"],
  ["words", "Pete Mitchell"],
  ["a digit", "1"],
  ["255 characters", "x".repeat(255)],
])("the id that %s gives out is the text of a profile", (_who, text) => {
  expect(texts.isId(text)).toBe(true);
  expect(texts.keyOf(text)).toEqual({ id: { S: text } });
});

it.each([
  ["nothing in it", ""],
  ["256 characters", "x".repeat(256)],
  ["a space before it", " a"],
  ["a space behind it", "a "],
  ["a line's end", "a\nb"],
  ["other letters than ASCII's", "José"],
  ["RFC 2047 text", "=?UTF-8?B?Sm9zw6k=?="],
  ["RFC 2047 text among others", "a =?utf-8?q?b?= c"],
])("a string with %s is not the id of a profile", (_what, text) => {
  expect(texts.isId(text)).toBe(false);
});

it("profiles that others made have ids that no photo can be for, and are listed all the same", () => {
  for (const text of ["-1", "1.5", "9007199254740992", "1E+20"]) expect(numbers.isKey(text)).toBe(true);
  for (const text of ["José", " a", "x".repeat(2048)]) expect(texts.isKey(text)).toBe(true);
  for (const text of ["", "x".repeat(2049), "é".repeat(1025)]) expect(texts.isKey(text)).toBe(false);
  expect(numbers.isKey("auth0|1")).toBe(false);
});

it("an id is read from a key of either type", () => {
  expect([idIn({ id: { N: "7" } }), idIn({ id: { S: "a" } }), idIn({}), idIn(undefined)]).toEqual([
    "7",
    "a",
    undefined,
    undefined,
  ]);
});

it("numbers and texts come in the order that people expect", () => {
  expect(["10", "9", "-1"].sort(numbers.compare)).toEqual(["-1", "9", "10"]);
  expect(["user 10", "user 9", "a"].sort(texts.compare)).toEqual(["a", "user 9", "user 10"]);
});
