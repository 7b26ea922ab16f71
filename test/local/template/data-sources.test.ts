import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExistingResources, startEmbeddedAws } from "../../../local";

const directory = mkdtempSync(join(tmpdir(), "stack-"));
afterAll(() => rmSync(directory, { recursive: true }));

const TABLE = {
  tableName: "members",
  hashKey: "id",
  attributeDefinitions: [{ attributeName: "id", attributeType: "N" }],
  billingMode: "PAY_PER_REQUEST",
} as const;

/** Applies a stack to an account that has something already, and returns the stack's outputs. */
async function apply(json: object, existing: ExistingResources) {
  const stack = { provider: { aws: [{ region: "eu-west-1" }] }, ...json };
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack));
  const aws = await startEmbeddedAws({ stackDirectory: directory, tinypngKey: "key", existing });
  await aws.close();
  return aws.outputs;
}

const table = (more = {}) => ({ data: { aws_dynamodb_table: { profiles: { name: "members", ...more } } } });
interface Kind {
  readonly attributeType?: "S" | "N";
  readonly rangeKey?: string;
}

const demand = (condition: string) =>
  table({ lifecycle: { postcondition: [{ condition, error_message: "The table must have a stream." }] } });

describe("a table that is there already", () => {
  it("is found with its key and its stream", async () => {
    const outputs = await apply(
      { ...table(), output: { all: { value: ["arn", "hash_key", "stream_view_type", "stream_arn"].map(attribute) } } },
      { tables: [{ ...TABLE, streamViewType: "NEW_AND_OLD_IMAGES" }] },
    );
    const arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/members";
    expect(outputs.all).toEqual([arn, "id", "NEW_AND_OLD_IMAGES", expect.stringMatching(`^${arn}/stream/2`)]);
  });

  it("feeds no function without a stream", async () => {
    const trigger = {
      event_source_arn: "${data.aws_dynamodb_table.profiles.stream_arn}",
      function_name: "F",
      starting_position: "TRIM_HORIZON",
    };
    const stack = { ...table(), resource: { aws_lambda_event_source_mapping: { trigger } } };
    await expect(apply(stack, { tables: [TABLE] })).rejects.toThrow(
      "aws_lambda_event_source_mapping.trigger was refused",
    );
  });

  it("meets the stack's postconditions, or is refused in their words", async () => {
    const needsStream = demand('${self.stream_view_type == "NEW_AND_OLD_IMAGES"}');
    await apply(needsStream, { tables: [{ ...TABLE, streamViewType: "NEW_AND_OLD_IMAGES" }] });
    await expect(apply(needsStream, { tables: [{ ...TABLE, streamViewType: "KEYS_ONLY" }] })).rejects.toThrow(
      'data.aws_dynamodb_table.profiles: The table must have a stream. (stream_view_type is "KEYS_ONLY")',
    );
    await expect(apply(demand("${length(self.arn) > 3}"), { tables: [TABLE] })).rejects.toThrow("is not known");
  });

  it.each<[string, Kind]>([
    ['anytrue([for each in self.attribute : each.name == "id" && each.type == "N"])', { attributeType: "S" }],
    ["try(length(self.range_key), 0) == 0", { rangeKey: "at" }],
  ])("must be of the right kind: %s", async (condition, { attributeType = "N", ...more }) => {
    const kind = demand(`\${${condition}}`);
    const definitions = [
      { attributeName: "id", attributeType },
      ...(more.rangeKey === undefined ? [] : [{ attributeName: more.rangeKey, attributeType: "S" as const }]),
    ];
    await apply(kind, { tables: [TABLE] });
    const other = { ...TABLE, ...more, attributeDefinitions: definitions };
    await expect(apply(kind, { tables: [other] })).rejects.toThrow("The table must have a stream.");
  });
});

describe("a bucket that is there already", () => {
  it("is found", async () => {
    const stack = {
      data: { aws_s3_bucket: { photos: { bucket: "photos" } } },
      output: { arn: { value: "${data.aws_s3_bucket.photos.arn}" } },
    };
    expect(await apply(stack, { buckets: ["photos"] })).toEqual({ arn: "arn:aws:s3:::photos" });
  });
});

it.each([
  ["table", table(), "data.aws_dynamodb_table.profiles: reading DynamoDB Table (members): couldn't find resource"],
  [
    "bucket",
    { data: { aws_s3_bucket: { photos: { bucket: "photos" } } } },
    "data.aws_s3_bucket.photos: reading S3 Bucket (photos): couldn't find resource",
  ],
])("a %s that is not there is refused as Terraform does", async (_what, stack, message) => {
  await expect(apply(stack, {})).rejects.toThrow(message);
});

const attribute = (name: string) => `\${data.aws_dynamodb_table.profiles.${name}}`;
