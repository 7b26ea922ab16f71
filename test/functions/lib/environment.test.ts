import { requiredEnvironment, requiredOneOf, requiredPositiveInteger } from "../../../functions/lib/environment";

const NAME = "ENVIRONMENT_TEST";
afterEach(() => {
  delete process.env[NAME];
});

const given = (value: string) => {
  process.env[NAME] = value;
};

it("a value is given back as it is", () => {
  given(" a value ");
  expect(requiredEnvironment(NAME)).toBe(" a value ");
});

it("a variable that is missing or empty is named", () => {
  expect(() => requiredEnvironment(NAME)).toThrow(`The environment variable ${NAME} is not set`);
  given("");
  expect(() => requiredPositiveInteger(NAME)).toThrow(`The environment variable ${NAME} is not set`);
  expect(() => requiredOneOf(NAME, ["a"])).toThrow(`The environment variable ${NAME} is not set`);
});

it.each(["1", "150", "999999999"])("%s is a positive whole number", (text) => {
  given(text);
  expect(requiredPositiveInteger(NAME)).toBe(Number(text));
});

it.each(["0", "-1", "+1", "1.5", "1e3", "0150", "0x10", "150px", "px150", " 150", "150 ", "1000000000", "NaN"])(
  '"%s" is refused',
  (text) => {
    given(text);
    expect(() => requiredPositiveInteger(NAME)).toThrow(
      `The environment variable ${NAME} must be a whole number from 1 (given "${text}")`,
    );
  },
);

it("only the words that are allowed are taken, as they are written", () => {
  given("fit");
  expect(requiredOneOf(NAME, ["cover", "fit"])).toBe("fit");
  given("Fit");
  expect(() => requiredOneOf(NAME, ["cover", "fit"])).toThrow(
    `The environment variable ${NAME} must be one of cover, fit (given "Fit")`,
  );
});
