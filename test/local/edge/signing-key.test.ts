import { createSigningKeys, deriveSigningKey } from "../../../local/edge/signing-key";

const SCOPE = { date: "20261124", region: "eu-west-1", service: "s3" };

describe("Signing keys", () => {
  test("are derived once for a secret, a day, a region and a service", () => {
    const signingKey = createSigningKeys();
    const key = signingKey("secret", SCOPE);
    expect(key).toEqual(deriveSigningKey("secret", SCOPE));
    expect(signingKey("secret", { ...SCOPE })).toBe(key);
    const others = [
      signingKey("another", SCOPE),
      ...Object.keys(SCOPE).map((name) => signingKey("secret", { ...SCOPE, [name]: "x" })),
    ];
    expect(new Set([key, ...others].map((each) => each.toString("hex"))).size).toBe(5);
  });

  test("are forgotten when there are five hundred, so that callers who come and go take no memory", () => {
    const signingKey = createSigningKeys();
    const key = signingKey("first", SCOPE);
    for (let count = 1; count < 500; count += 1) signingKey(`secret ${count}`, SCOPE);
    expect(signingKey("first", SCOPE)).toBe(key);
    const last = signingKey("one too many", SCOPE);
    expect(signingKey("one too many", SCOPE)).toBe(last);
    const again = signingKey("first", SCOPE);
    expect(again).not.toBe(key);
    expect(again).toEqual(key);
  });
});
