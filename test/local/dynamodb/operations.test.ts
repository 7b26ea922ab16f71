import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  ListGlobalTablesCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { TABLE_ARN as ARN, startDynamodb, USER_PROFILE } from "./harness";

const TableName = USER_PROFILE.tableName;
const maverick = { id: { N: "1" }, name: { S: "Pete Mitchell" }, nick: { S: "Maverick" } };

let service: Awaited<ReturnType<typeof startDynamodb>>;
beforeEach(async () => {
  service = await startDynamodb();
  await service.dynamodb.createTable(USER_PROFILE);
});
afterEach(() => service.close());

const put = (Item: Record<string, never> | object) =>
  service.client.send(new PutItemCommand({ TableName, Item: Item as never }));
const get = async (id: string) =>
  (await service.client.send(new GetItemCommand({ TableName, Key: { id: { N: id } } }))).Item;
const update = (input: Omit<UpdateItemCommandInput, "TableName">) =>
  service.client.send(new UpdateItemCommand({ TableName, ...input }));

/** Sends a body that no SDK would send, in place of a PutItem's. */
async function post(operation: string, body: string) {
  const command = new PutItemCommand({ TableName, Item: {} });
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { headers: Record<string, string>; body: string };
      request.headers["x-amz-target"] = `DynamoDB_20120810.${operation}`;
      request.headers["content-length"] = String(Buffer.byteLength(body));
      request.body = body;
      return next(args);
    },
    { step: "build", priority: "low" },
  );
  return service.client.send(command).then(
    () => undefined,
    (error: Error & { $metadata: { httpStatusCode: number } }) => ({
      status: error.$metadata.httpStatusCode,
      name: error.name,
      message: error.message,
    }),
  );
}

describe("tables", () => {
  it("describes a table with its key, billing mode and stream", async () => {
    await put(maverick);
    const { Table } = await service.client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableArn: ARN,
      TableStatus: "ACTIVE",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      ItemCount: 1,
    });
    expect(Table?.LatestStreamLabel).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
    expect(Table?.LatestStreamArn).toBe(`${ARN}/stream/${Table?.LatestStreamLabel}`);
    expect(Table?.CreationDateTime).toBeInstanceOf(Date);
  });

  it("takes a table's ARN for its name", async () => {
    const { Table } = await service.client.send(new DescribeTableCommand({ TableName: ARN }));
    expect(Table?.TableName).toBe(TableName);
  });

  it("lists tables, and says that time to live is off and that there are no tags", async () => {
    const { TableNames } = await service.client.send(new ListTablesCommand({}));
    expect(TableNames).toEqual([TableName]);
    const { TimeToLiveDescription } = await service.client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: "DISABLED" });
    const { Tags } = await service.client.send(new ListTagsOfResourceCommand({ ResourceArn: ARN }));
    expect(Tags).toEqual([]);
  });

  it("refuses a second table of the same name, and keys without a definition", async () => {
    await expect(service.dynamodb.createTable(USER_PROFILE)).rejects.toMatchObject({ code: "ResourceInUseException" });
    await expect(
      service.dynamodb.createTable({ ...USER_PROFILE, tableName: "other", hashKey: "key" }),
    ).rejects.toMatchObject({ code: "ValidationException", message: expect.stringContaining("Keys: [key]") });
  });

  it("names the table that it does not have", async () => {
    await expect(service.client.send(new DescribeTableCommand({ TableName: "nobody" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found: Table: nobody not found",
    });
    await expect(service.client.send(new ScanCommand({ TableName: "nobody" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });
});

describe("items", () => {
  it("puts, gets, updates and deletes one", async () => {
    await put(maverick);
    const { Attributes } = await update({
      Key: { id: { N: "1" } },
      UpdateExpression: "SET #image = :image",
      ExpressionAttributeNames: { "#image": "image" },
      ExpressionAttributeValues: { ":image": { S: "original/1.jpg" } },
      ReturnValues: "ALL_NEW",
    });
    expect(Attributes).toEqual({ ...maverick, image: { S: "original/1.jpg" } });
    expect(await get("1")).toEqual(Attributes);
    await service.client.send(new DeleteItemCommand({ TableName, Key: { id: { N: "1" } } }));
    expect(await get("1")).toBeUndefined();
  });

  it("writes and reads batches", async () => {
    const requests = [1, 2, 3].map((id) => ({ PutRequest: { Item: { id: { N: String(id) } } } }));
    const written = await service.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
    expect(written.UnprocessedItems).toEqual({});
    const { Responses } = await service.client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [{ id: { N: "1" } }, { id: { N: "3" } }] } } }),
    );
    expect(Responses?.[TableName]).toHaveLength(2);
  });

  it("scans page by page, filters, projects and counts", async () => {
    for (const id of [1, 2, 3, 4, 5]) await put({ id: { N: String(id) }, nick: { S: `pilot ${id}` } });
    const seen: string[] = [];
    let ExclusiveStartKey: Record<string, never> | undefined;
    do {
      const page = await service.client.send(
        new ScanCommand({ TableName, Limit: 2, ExclusiveStartKey, ConsistentRead: true }),
      );
      seen.push(...(page.Items ?? []).map((item) => String(item.id?.N)));
      ExclusiveStartKey = page.LastEvaluatedKey as never;
    } while (ExclusiveStartKey !== undefined);
    expect(seen.sort()).toEqual(["1", "2", "3", "4", "5"]);

    const filtered = await service.client.send(
      new ScanCommand({
        TableName,
        FilterExpression: "nick = :nick",
        ExpressionAttributeValues: { ":nick": { S: "pilot 4" } },
        ProjectionExpression: "nick",
      }),
    );
    expect(filtered).toMatchObject({ Items: [{ nick: { S: "pilot 4" } }], Count: 1, ScannedCount: 5 });
  });

  it("queries a key", async () => {
    await put(maverick);
    const { Items } = await service.client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "id = :id",
        ExpressionAttributeValues: { ":id": { N: "1" } },
      }),
    );
    expect(Items).toEqual([maverick]);
  });

  it("normalises numbers and takes no more than 38 digits", async () => {
    await put({ id: { N: "1.0" }, values: { NS: ["1e3", "0.50"] }, list: { L: [{ N: "-0" }] } });
    expect(await get("1")).toEqual({
      id: { N: "1" },
      values: { NS: ["1000", "0.5"] },
      list: { L: [{ N: "0" }] },
    });
    await expect(put({ id: { N: `1.${"1".repeat(38)}` } })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Attempting to store more than 38 significant digits in a Number",
    });
    await expect(put({ id: { N: "1e126" } })).rejects.toThrow("Number overflow");
    await expect(put({ id: { N: "0e-131" } })).rejects.toThrow("Number underflow");
  });

  it("takes documents of 32 levels, whoever makes them deeper", async () => {
    const deep = (levels: number): object => (levels === 1 ? { S: "leaf" } : { L: [deep(levels - 1)] });
    const tooDeep = "Attributes in the item have nested levels beyond supported limit";
    await put({ id: { N: "1" }, deep: deep(32) });
    await expect(put({ id: { N: "1" }, deep: deep(33) })).rejects.toThrow(tooDeep);
    const request = { Key: { id: { N: "1" } }, ExpressionAttributeValues: { ":more": deep(31) as never } };
    await update({ ...request, UpdateExpression: "SET deep[0] = :more" });
    await expect(update({ ...request, UpdateExpression: "SET deep[0][0] = :more" })).rejects.toThrow(tooDeep);
  });

  it("refuses a key of the wrong type, a missing key and an unknown value type", async () => {
    await expect(put({ id: { S: "1" } })).rejects.toThrow("Type mismatch for key id expected: N actual: S");
    await expect(put({ nick: { S: "1" } })).rejects.toThrow("Missing the key id in the item");
    expect(await post("GetItem", JSON.stringify({ TableName, Key: { id: { Z: "1" } } }))).toMatchObject({
      status: 400,
      message: expect.stringContaining("Supplied AttributeValue is empty"),
    });
  });

  it("refuses items of more than 400 KB, measured in UTF-8", async () => {
    const text = "é".repeat(204_790);
    await put({ id: { N: "1" }, text: { S: text } });
    await expect(put({ id: { N: "1" }, text: { S: `${text}12345678901234567` } })).rejects.toThrow(
      "Item size has exceeded the maximum allowed size",
    );
    await expect(
      update({
        Key: { id: { N: "1" } },
        UpdateExpression: "SET more = :more",
        ExpressionAttributeValues: { ":more": { S: "1234567890" } },
      }),
    ).rejects.toThrow("Item size to update has exceeded the maximum allowed size");
    expect((await get("1"))?.more).toBeUndefined();
  });

  it("fails a condition with the item when the request asks for it", async () => {
    await put(maverick);
    const request = {
      Key: { id: { N: "1" } },
      UpdateExpression: "SET nick = :nick",
      ConditionExpression: "attribute_not_exists(id)",
      ExpressionAttributeValues: { ":nick": { S: "Goose" } },
    };
    await expect(update(request)).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      message: "The conditional request failed",
      Item: undefined,
    });
    await expect(update({ ...request, ReturnValuesOnConditionCheckFailure: "ALL_OLD" })).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      Item: maverick,
    });
    expect(await get("1")).toEqual(maverick);
  });
});

describe("refusals", () => {
  it("names an operation that it does not have", async () => {
    for (const [command, name] of [
      [new ListGlobalTablesCommand({}), "ListGlobalTables"],
      [new ExecuteStatementCommand({ Statement: "SELECT" }), "ExecuteStatement"],
    ] as const) {
      await expect(service.client.send(command as never)).rejects.toMatchObject({
        name: "UnknownOperationException",
        message: expect.stringContaining(name),
      });
    }
  });

  it("names a parameter that it does not know, however deep", async () => {
    await expect(service.client.send(new ScanCommand({ TableName, Colour: "blue" } as never))).resolves.toBeDefined(); // The SDK drops it.
    expect(await post("Scan", JSON.stringify({ TableName, Colour: "blue" }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('does not know the parameter "Colour" of Scan'),
    });
    expect(
      await post(
        "BatchWriteItem",
        JSON.stringify({ RequestItems: { [TableName]: [{ PutRequest: { Item: maverick, If: "new" } }] } }),
      ),
    ).toMatchObject({ message: expect.stringContaining('"If"') });
  });

  it("survives what no client sends", async () => {
    const deep = `${'{"L":['.repeat(20_000)}${"]}".repeat(20_000)}`;
    for (const body of [
      "not json",
      "[]",
      JSON.stringify({ TableName: 5 }),
      `{"TableName":"user-profile","Item":{"id":{"N":"1"},"deep":${deep}}}`,
      `{"TableName":"user-profile","Item":{"id":{"N":"1"},"__proto__":{"S":"x"}}}`,
      `{"TableName":"user-profile","Item":{"id":null}}`,
      `{"TableName":"user-profile","Item":{"id":{"N":"1"},"set":{"SS":[null]}}}`,
      `{"TableName":"user-profile","Item":{"id":{"N":"1"}},"Expected":{"id":null}}`,
    ]) {
      expect((await post("PutItem", body))?.status).toBe(400);
    }
    expect(service.bugs).toEqual([]);
    await put(maverick);
  });

  it("asks IAM for every table of a request, before it looks at the table", async () => {
    const { client } = service.asRole({ Effect: "Allow", Action: "dynamodb:BatchWriteItem", Resource: ARN });
    const write = (table: string) =>
      client.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [TableName]: [{ PutRequest: { Item: maverick as never } }],
            [table]: [{ DeleteRequest: { Key: { id: { N: "2" } } } }],
          },
        }),
      );
    await expect(write(TableName)).resolves.toBeDefined();
    await expect(write("nobody")).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(
        "dynamodb:BatchWriteItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/nobody",
      ),
    });
    await expect(client.send(new ScanCommand({ TableName }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`dynamodb:Scan on resource: ${ARN}`),
    });
  });
});
