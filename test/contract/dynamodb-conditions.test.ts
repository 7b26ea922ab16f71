// What DynamoDB makes of conditions and filters, and how it refuses them.

import { PutItemCommand, QueryCommand, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type ContractAccount, openAccount } from "./account";

const bytes = (...values: number[]) => Buffer.from(values);

let account: ContractAccount;
let TableName: string;
beforeAll(async () => {
  account = await openAccount();
  TableName = await account.createTable();
  await account.dynamodb.send(
    new PutItemCommand({
      TableName,
      Item: {
        id: { N: "1" },
        age: { N: "36" },
        nick: { S: "Maverick" },
        wingman: { S: "Mav" },
        active: { BOOL: true },
        retired: { BOOL: false },
        awards: { L: [{ S: "Top Gun" }, { L: [] }] },
        crew: { M: { rear: { S: "Goose" }, planes: { NS: ["14", "18"] } } },
        planes: { NS: ["18", "14"] },
        binary0: { B: bytes(0x80, 0x81, 0x82) },
        plane: { S: "\u{1F6E9}" },
        constructed: { S: "1986" },
      },
    }),
  );
});
afterAll(() => account.close());

const VALUES = {
  ":mav": { S: "Mav" },
  ":low": { N: "30" },
  ":high": { N: "40" },
  ":yes": { BOOL: true },
  ":awards": { L: [{ S: "Top Gun" }, { L: [] }] },
  ":crew": { M: { planes: { NS: ["18", "14"] }, rear: { S: "Goose" } } },
  ":planes": { NS: ["14", "18.0"] },
  ":other": { NS: ["14", "19"] },
  ":start": { B: bytes(0x80) },
  ":middle": { B: bytes(0x81) },
  ":wrong": { B: bytes(0x83) },
  ":BOOL": { S: "BOOL" },
  ":last": { S: "\uffff" },
  ":empty": { L: [] },
};

/** The part of a request that a condition needs. */
function expression(condition: string) {
  const used = Object.entries(VALUES).filter(([name]) => new RegExp(`${name}\\b`).test(condition));
  return used.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(used) };
}

/** Whether an update of the item goes through under a condition. */
async function holds(condition: string): Promise<boolean> {
  const request = { TableName, Key: { id: { N: "1" } }, ConditionExpression: condition, ...expression(condition) };
  try {
    await account.dynamodb.send(new UpdateItemCommand(request));
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
    ["awards = :awards", true],
    ["awards <> :awards", false],
    ["crew = :crew", true],
    ["crew.planes = :planes AND planes = :planes", true],
    ["planes = :other", false],
    ["contains(awards, :empty)", true],
    ["awards[1] IN (:awards, :empty)", true],
    ["begins_with(binary0, :start)", true],
    ["begins_with(binary0, :middle)", false],
    ["contains(binary0, :middle)", true],
    ["contains(binary0, :wrong)", false],
    ["attribute_type(retired, :BOOL)", true],
    ["plane > :last", true],
    ["NOT NOT age < :high", true],
    ["NOT age < :high OR active = :yes AND age > :low", true],
    ["not (age < :high or active = :yes)", false],
    ["(age) < (:high)", true],
    ["attribute_exists(toString)", false],
    ["attribute_exists(crew.hasOwnProperty)", false],
  ])("%s: %p", async (condition, expected) => {
    expect(await holds(condition)).toBe(expected);
  });

  it("filters what a scan and a query find, and leaves what they say of it", async () => {
    const filter = "crew = :crew AND NOT nick = :mav";
    const scanned = new ScanCommand({ TableName, Select: "COUNT", FilterExpression: filter, ...expression(filter) });
    expect(await account.dynamodb.send(scanned)).toMatchObject({ Count: 1, ScannedCount: 1 });
    const { ExpressionAttributeValues: values } = expression("planes = :other");
    const queried = new QueryCommand({
      TableName,
      KeyConditionExpression: "(:id = #id)",
      FilterExpression: "planes = :other",
      ProjectionExpression: "crew.planes, awards[1], awards[0]",
      ExpressionAttributeNames: { "#id": "id" },
      ExpressionAttributeValues: { ...values, ":id": { N: "+1.0" } },
    });
    expect(await account.dynamodb.send(queried)).toMatchObject({ Items: [], Count: 0, ScannedCount: 1 });
    queried.input.FilterExpression = "planes <> :other";
    expect((await account.dynamodb.send(queried)).Items).toEqual([
      { crew: { M: { planes: { NS: ["14", "18"] } } }, awards: { L: [{ S: "Top Gun" }, { L: [] }] } },
    ]);
  });

  it("of many parts is decided at once: 300 open parentheses, 200 joined conditions", async () => {
    await expect(holds("(".repeat(300))).rejects.toThrow('Syntax error; token: "<EOF>", near: "("');
    await expect(holds(`${"(".repeat(2000)}age < :low${")".repeat(2000)}`)).rejects.toThrow("redundant parentheses");
    const joined = `${"(".repeat(148)}age < :low${" OR age < :low)".repeat(148)} OR age > :low`;
    expect(await holds(joined)).toBe(true);
    expect(await holds(`attribute_exists(age)${" OR contains(a, b)".repeat(149)}`)).toBe(true);
    await expect(holds(`age < :low${" OR a<b".repeat(199)}`)).rejects.toThrow(
      "The expression contains too many operators; operator count: 301",
    );
  });
});

describe("a condition that DynamoDB refuses", () => {
  it.each([
    ["age", 'Syntax error; token: "<EOF>", near: "age"'],
    ["age = = :low", 'Syntax error; token: "=", near: "= = :low"'],
    ["age < :low nick", 'Syntax error; token: "nick", near: ":low nick"'],
    ["_age < :low", 'Syntax error; token: "_", near: "_age"'],
    ["abort = = :low", 'Syntax error; token: "=", near: "= = :low"'],
    ["Abort = :low", "Attribute name is a reserved keyword; reserved keyword: Abort"],
    ["age[99999999999] = :low", "List index is not within the allowable range; index: [99999999999]"],
    ["((age = :low))", "The expression has redundant parentheses;"],
    ["((age)) = :low", "The expression has redundant parentheses;"],
    ["exists(age) OR abort = :low", "Invalid function name; function: exists"],
    ["abort = :low OR size(age)", "The function is not allowed to be used this way in an expression; function: size"],
    ["size(age)", "The function is not allowed to be used this way in an expression; function: size"],
    [
      "contains(age, nick) = :low",
      "The function is not allowed to be used this way in an expression; function: contains",
    ],
    [
      "if_not_exists(age, :low) = :low",
      "The function is not allowed in a condition expression; function: if_not_exists",
    ],
    ["#age = :low", "An expression attribute name used in the document path is not defined; attribute name: #age"],
    ["age = :none", "An expression attribute value used in expression is not defined; attribute value: :none"],
    [
      "contains(age)",
      "Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1",
    ],
    ["attribute_exists(:low)", "Operator or function requires a document path; operator or function: attribute_exists"],
    [
      "age = age",
      "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [age]",
    ],
    ["age < :empty", "Incorrect operand type for operator or function; operator or function: <, operand type: L"],
    [
      "begins_with(nick, :low)",
      "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
    ],
    [
      "attribute_type(nick, :mav)",
      "Invalid attribute type name found; type: Mav, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
    ],
    [
      "age BETWEEN :high AND :low",
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:40}, upper bound operand: AttributeValue: {N:30}",
    ],
  ])("%s", async (condition, message) => {
    await expect(holds(condition)).rejects.toMatchObject({
      name: "ValidationException",
      message: `Invalid ConditionExpression: ${message}`,
    });
  });

  it("is one beyond a limit", async () => {
    await expect(holds(`age IN (${Array(101).fill(":low")})`)).rejects.toThrow(
      "The IN operator is provided with too many operands; number of operands: 101",
    );
    await expect(holds(`age${".a".repeat(32)} = :low`)).rejects.toThrow(
      "The document path has too many nesting levels; nesting levels: 33",
    );
    expect(await holds(`age${".a".repeat(31)} = :low`)).toBe(false);
    await expect(holds(`${" ".repeat(4087)}age = :low`)).rejects.toThrow(
      "Expression size has exceeded the maximum allowed size; expression size: 4097",
    );
    expect(await holds(`${" ".repeat(4086)}age = :low`)).toBe(false);
  });
});
