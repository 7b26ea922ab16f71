// What cannot change in place is replaced: Terraform destroys the one and creates the other on the embedded AWS, in its
// order, and what hangs on it follows.

import { DescribeTableCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { startEmbedded } from "./emulators";
import type { StackJson } from "./provider";
import { putProfile, servicesOf } from "./services";
import { CARRIED, carryPhoto, namesOf } from "./twins";
import { Workspace } from "./workspace";

const KEY = "a-key";
const DEV = { stage: "dev" };
const NAMES = namesOf(DEV.stage);
const RENAMED = "SetPicture-dev";

let emulator: Awaited<ReturnType<typeof startEmbedded>>;
let workspace: Workspace;
let change = (json: StackJson) => json;
beforeAll(async () => {
  emulator = await startEmbedded(KEY);
  workspace = new Workspace({ ...emulator, spare: (json) => change(json) }, KEY);
  await workspace.configure(DEV);
  await workspace.apply();
});
afterAll(async () => {
  await emulator?.stop();
  workspace?.remove();
});

const replacedBy = async () =>
  (await workspace.plan()).filter(({ actions }) => actions.length === 2).map(({ address }) => address);

test("the function is another one, and the photo still gets its thumbnail", async () => {
  const services = servicesOf(emulator.endpoint);
  change = (json) => {
    for (const each of Object.values(json.resource.aws_lambda_function ?? {})) {
      if (each.function_name === "SetProfileImage-dev") each.function_name = RENAMED;
    }
    return json;
  };
  await workspace.configure(DEV);
  expect(await replacedBy()).toEqual(
    expect.arrayContaining([
      "aws_lambda_function.set_profile_image_function",
      "aws_lambda_permission.uploads_permission",
    ]),
  );
  await workspace.apply();
  expect(await workspace.plan()).toEqual([]);
  const { Functions } = await services.lambda.send(new ListFunctionsCommand({}));
  expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual(["CreateThumbnail-dev", RENAMED]);
  expect((await carryPhoto({ services }, NAMES)).profile).toMatchObject(CARRIED);
});

test("the table is a new and empty one with the other key", async () => {
  const services = servicesOf(emulator.endpoint);
  const TableName = NAMES.table;
  await putProfile(services, TableName, "8");
  const { Table: before } = await services.dynamodb.send(new DescribeTableCommand({ TableName }));
  await workspace.configure({ ...DEV, profileId: "string" });
  expect(await replacedBy()).toEqual(
    expect.arrayContaining([
      "aws_dynamodb_table.user_profile",
      "aws_lambda_event_source_mapping.profile_changes_mapping",
    ]),
  );
  await workspace.apply();
  expect(await workspace.plan()).toEqual([]);
  const { Table: after } = await services.dynamodb.send(new DescribeTableCommand({ TableName }));
  expect(after?.AttributeDefinitions).toEqual([{ AttributeName: "id", AttributeType: "S" }]);
  expect(after?.TableId).not.toBe(before?.TableId);
  expect(after?.LatestStreamArn).not.toBe(before?.LatestStreamArn);
  expect((await services.dynamodb.send(new ScanCommand({ TableName }))).Items).toEqual([]);
});

test("it is destroyed, and nothing is left", async () => {
  await emulator.aws.idle();
  const { code, output } = await workspace.destroy();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
  expect(await workspace.resources()).toEqual([]);
});
