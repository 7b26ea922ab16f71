import { GetItemCommand, UpdateItemCommand, type UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { startDynamodb, USER_PROFILE } from "./harness";

const TableName = USER_PROFILE.tableName;
const Key = { id: { N: "2" } };

let service: Awaited<ReturnType<typeof startDynamodb>>;
beforeAll(async () => {
  service = await startDynamodb();
  await service.dynamodb.createTable(USER_PROFILE);
});
afterAll(() => service.close());

/** Updates an item that is not there; what it is then. */
async function update(input: Partial<UpdateItemCommandInput>) {
  await service.client.send(new UpdateItemCommand({ TableName, Key, ...input }));
  return (await service.client.send(new GetItemCommand({ TableName, Key }))).Item;
}

describe("an update", () => {
  it("that only removes creates no item and no stream record, others do", async () => {
    const appends = () => service.activities.filter(({ action }) => action === "StreamAppend").length;
    const before = appends();
    for (const UpdateExpression of ["REMOVE a", "REMOVE a.b, c[1]"]) {
      expect(await update({ UpdateExpression })).toBeUndefined();
    }
    const set = { ":set": { SS: ["a", "b"] } };
    expect(await update({ UpdateExpression: "DELETE a :set", ExpressionAttributeValues: set })).toBeUndefined();
    expect(await update({ AttributeUpdates: { a: { Action: "DELETE" } } })).toBeUndefined();
    expect(appends()).toBe(before);
    const plus = { ":plus": { N: "+3" } };
    const added = await update({ UpdateExpression: "ADD a :plus", ExpressionAttributeValues: plus });
    expect(added).toEqual({ ...Key, a: { N: "3" } });
    expect(appends()).toBe(before + 1);
  });
});
