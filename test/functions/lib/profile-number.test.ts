import { profileNumber } from "../../../functions/lib/profile-number";

it.each(["0", "7", "10", "9007199254740991"])("%s is the number of a profile", (text) => {
  expect(profileNumber(text)).toBe(text);
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
])("text with %s is malformed, and quoted in the reason", (_what, text) => {
  expect(() => profileNumber(text)).toThrow(
    expect.objectContaining({
      code: "MalformedProfileId",
      message: expect.stringContaining(`(given ${JSON.stringify(text)})`),
    }),
  );
});
