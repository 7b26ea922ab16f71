import { stateDirectoryFor } from "../../stack/state";
import { synthesizeStack } from "./synthesized-stack";

test.each([
  ["/home/me/project/cdktf.out", "../../.."],
  ["/home/me/project/out/cdktf", "../../../.."],
  ["/tmp/elsewhere", "../../.."],
])("the state for the output %s is kept in %s, seen from the stack", (outdir, expected) => {
  expect(stateDirectoryFor(outdir, "/home/me/project")).toBe(expected);
});

test("the state is a local file, one for each stage", () => {
  const path = (context: Record<string, unknown>) => synthesizeStack(context).json.terraform;
  expect(path({})).toMatchObject({ backend: { local: { path: "../../../terraform.profile-image.tfstate" } } });
  expect(path({ stage: "test" })).toMatchObject({
    backend: { local: { path: "../../../terraform.profile-image-test.tfstate" } },
  });
});

test.each([
  [{}, { key: "profile-image.tfstate", region: "eu-west-1" }],
  [{ stage: "test" }, { key: "profile-image-test.tfstate", region: "eu-west-1" }],
  [
    { stage: "test", region: "us-west-2", stateBackend: { bucket: "states", key: "photos/one.tfstate" } },
    { key: "photos/one-test.tfstate", region: "us-west-2" },
  ],
  [{ stateBackend: { bucket: "states", region: "us-east-1" } }, { key: "profile-image.tfstate", region: "us-east-1" }],
])("with %j the state is in a bucket with a lock file, one for each stage", (context, expected) => {
  const { json } = synthesizeStack({ stateBackend: { bucket: "states" }, ...context });
  expect((json.terraform as { backend: unknown }).backend).toEqual({
    s3: { bucket: "states", encrypt: true, use_lockfile: true, ...expected },
  });
});
