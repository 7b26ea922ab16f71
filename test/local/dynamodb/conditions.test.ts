import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { startDynamodb, USER_PROFILE } from "./harness";

const TableName = USER_PROFILE.tableName;

let service: Awaited<ReturnType<typeof startDynamodb>>;
beforeAll(async () => {
  service = await startDynamodb();
  await service.dynamodb.createTable(USER_PROFILE);
  await service.client.send(
    new PutItemCommand({
      TableName,
      Item: {
        id: { N: "1" },
        age: { N: "36" },
        nick: { S: "Maverick" },
        wingman: { S: "Mav" },
        active: { BOOL: true },
        retired: { BOOL: false },
        awards: { L: [{ S: "Top Gun" }] },
      },
    }),
  );
});
afterAll(() => service.close());

/** Whether an update of the item goes through under a condition. */
async function holds(condition: string): Promise<boolean> {
  const values = { ":mav": { S: "Mav" }, ":low": { N: "30" }, ":high": { N: "40" }, ":yes": { BOOL: true } };
  const used = Object.entries(values).filter(([name]) => condition.includes(name));
  try {
    await service.client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { N: "1" } },
        ConditionExpression: condition,
        ExpressionAttributeValues: used.length === 0 ? undefined : Object.fromEntries(used),
      }),
    );
    return true;
  } catch (error) {
    if ((error as Error).name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}

describe("a condition", () => {
  it.each([
    ["age BETWEEN :low AND :high", true],
    ["age BETWEEN :high AND :high", false],
    ["age BETWEEN :low AND nobody", false],
    ["nobody BETWEEN :low AND :high", false],
    ["age BETWEEN :low AND nick", false],
    ["wingman IN (nick, :mav)", true],
    ["wingman IN (nick, nobody)", false],
    ["nobody = nothing", false],
    ["NOT nobody = nothing", true],
    ["nobody <> :mav", true],
    ["nobody < :low", false],
    ["nick = :low", false],
    ["begins_with(nick, :mav)", true],
    ["begins_with(nick, wingman)", true],
    ["begins_with(nick, nobody)", false],
    ["begins_with(nobody, nick)", false],
    ["NOT begins_with(age, nick)", true],
    ["begins_with(active, retired)", false],
    ["active = :yes AND (attribute_exists(nobody) OR size(nick) < :low)", true],
    ["size(nobody) < :low", false],
    ["contains(nick, wingman)", true],
  ])("%s: %p", async (condition, expected) => {
    expect(await holds(condition)).toBe(expected);
  });

  it("that compares a list is refused, because dynalite would always take it for false", async () => {
    await expect(
      service.client.send(
        new UpdateItemCommand({
          TableName,
          Key: { id: { N: "1" } },
          ConditionExpression: "awards = :awards",
          ExpressionAttributeValues: { ":awards": { L: [{ S: "Top Gun" }] } },
        }),
      ),
    ).rejects.toThrow('cannot compare lists and maps: = was given {"L":[{"S":"Top Gun"}]}');
  });

  it("never ends in an error of ours", () => {
    expect(service.bugs).toEqual([]);
  });
});
