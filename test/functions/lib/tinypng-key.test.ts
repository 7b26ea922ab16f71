import { ParameterNotFound } from "@aws-sdk/client-ssm";
import { createTinypngKey, KeyUnreadable } from "../../../functions/lib/tinypng-key";

const send = jest.fn();
const key = () => createTinypngKey({ send }, "/profile-image/tinypng-key");
const answer = (Value: string | undefined) => send.mockResolvedValueOnce({ Parameter: { Value } });

beforeEach(() => send.mockReset());

it("nothing is read before the first photo wants the key", () => {
  key();
  expect(send).not.toHaveBeenCalled();
});

it("photos at the same time and photos afterwards share one call, which asks for the decrypted value", async () => {
  answer("k1");
  const { read } = key();
  expect(await Promise.all([read(), read(), read()])).toEqual(["k1", "k1", "k1"]);
  expect(await read()).toBe("k1");
  expect(send.mock.calls.map(([{ input }]) => input)).toEqual([
    { Name: "/profile-image/tinypng-key", WithDecryption: true },
  ]);
});

it("photos that were refused with the same key share one more call, early or late, and so do those that begin meanwhile", async () => {
  answer("k1");
  answer("k2");
  const { read, readAgain } = key();
  const refused = read();
  await refused;
  expect(await Promise.all([readAgain(refused), readAgain(refused), read()])).toEqual(["k2", "k2", "k2"]);
  expect(await readAgain(refused)).toBe("k2");
  expect(send).toHaveBeenCalledTimes(2);
});

it("a later refusal is another one, and the key is read once more", async () => {
  answer("k1");
  answer("k1");
  answer("k2");
  const { read, readAgain } = key();
  const first = read();
  const second = readAgain(first);
  expect(await second).toBe("k1");
  expect(await readAgain(second)).toBe("k2");
});

it("a call that failed is not kept: the next photo asks again", async () => {
  send.mockRejectedValueOnce(new Error("Rate exceeded"));
  answer("k1");
  const { read } = key();
  await expect(read()).rejects.toThrow("Rate exceeded");
  expect(await read()).toBe("k1");
});

it.each([
  ["is not there", () => send.mockRejectedValueOnce(notFound), "ParameterNotFound: UnknownError"],
  ["has no value", () => answer(""), "it is empty"],
])("a parameter that %s fails with its name", async (_what, arrange, reason) => {
  arrange();
  const reading = key().read();
  await expect(reading).rejects.toThrow(
    `TinyPNG's key cannot be read from the parameter /profile-image/tinypng-key: ${reason}`,
  );
  await expect(reading).rejects.toBeInstanceOf(KeyUnreadable);
});

/** As Parameter Store's answer arrives, which has no message. */
const notFound = new ParameterNotFound({ message: "UnknownError", $metadata: {} });
