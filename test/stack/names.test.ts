import { type SynthesizedStack, synthesizeStack } from "./synthesized-stack";

let stack: SynthesizedStack;
beforeAll(() => {
  stack = synthesizeStack();
});

describe("names", () => {
  const account = `\${data.aws_caller_identity.current.account_id}`;
  const namesOf = ({ json }: SynthesizedStack): unknown[] =>
    Object.values(json.resource)
      .flatMap((named) => Object.values(named))
      .flatMap((block) => [block.name, block.function_name, block.bucket])
      .filter((name) => name !== undefined && !String(name).match(/^\$\{[^}]*\}$/))
      .sort();

  test("are the article's, with buckets made unique by the account", () => {
    expect(namesOf(stack)).toEqual([
      "/aws/lambda/CreateThumbnail",
      "/aws/lambda/SetProfileImage",
      "CreateThumbnail",
      "CreateThumbnailRole",
      "CreateThumbnailRoleInlinePolicy",
      "SetProfileImage",
      "SetProfileImageRole",
      "SetProfileImageRoleInlinePolicy",
      "user-profile",
      `user-profile-failures-${account}`,
      `user-profile-images-${account}`,
    ]);
  });

  test("all end in the stage when there is one", () => {
    const staged = synthesizeStack({ stage: "test", bucketName: "photos", tableName: "people" });
    const names = namesOf(staged);
    expect(names).toHaveLength(11);
    for (const name of names) expect(name).toMatch(/-test$/);
    expect(names).toEqual(expect.arrayContaining(["photos-test", "people-test"]));
  });
});
