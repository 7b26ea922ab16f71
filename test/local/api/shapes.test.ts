// The shapes of operations against the models that AWS's own clients carry: every member that is taken is one of AWS's,
// where AWS has it, and what AWS wants is wanted. https://github.com/aws/aws-sdk-js-v3

import * as cloudfront from "@aws-sdk/client-cloudfront";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as events from "@aws-sdk/client-eventbridge";
import * as iam from "@aws-sdk/client-iam";
import * as kms from "@aws-sdk/client-kms";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as sns from "@aws-sdk/client-sns";
import * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import type { Operation } from "../../../local/api/operation";
import type { Members, Shape } from "../../../local/api/shapes";
import { OPERATIONS as CLOUDFRONT_OPERATIONS } from "../../../local/cloudfront/operations";
import { createCloudWatch } from "../../../local/cloudwatch";
import { TABLE_OPERATIONS } from "../../../local/dynamodb/operations";
import { createTransactGetItems } from "../../../local/dynamodb/operations/transact-get-items";
import { createTransactWriteItems } from "../../../local/dynamodb/operations/transact-write-items";
import { createEvents } from "../../../local/events";
import { OPERATIONS as IAM_OPERATIONS } from "../../../local/iam/operations";
import { createKms } from "../../../local/kms";
import { OPERATIONS as LAMBDA_OPERATIONS } from "../../../local/lambda/operations";
import { OPERATIONS as LOGS_OPERATIONS } from "../../../local/logs/operations";
import { createApi as createS3Api } from "../../../local/s3/api";
import { createSns } from "../../../local/sns";
import { OPERATIONS as SSM_OPERATIONS } from "../../../local/ssm/operations";
import { createSts } from "../../../local/sts";
import { ACCOUNT, createTestIam } from "../iam/account";

const testIam = createTestIam([]);
const options = { account: { ...ACCOUNT }, iam: testIam.iam, activity: testIam.activity };

/** Their shapes alone are looked at. */
const TRANSACTIONS = [
  createTransactGetItems({} as never, {} as never),
  createTransactWriteItems({} as never, {} as never, {} as never),
];

// biome-ignore lint/suspicious/noExplicitAny: each operation knows the types of its own input
type AnyOperation = Operation<any, any>;

const SERVICES: readonly [name: string, client: object, operations: readonly AnyOperation[]][] = [
  ["cloudfront", cloudfront, CLOUDFRONT_OPERATIONS],
  ["cloudwatch", cloudwatch, createCloudWatch(options).api.operations],
  ["dynamodb", dynamodb, [...TABLE_OPERATIONS, ...TRANSACTIONS]],
  ["events", events, createEvents(options).api.operations],
  ["iam", iam, IAM_OPERATIONS],
  ["kms", kms, createKms(options).api.operations],
  ["lambda", lambda, LAMBDA_OPERATIONS],
  ["logs", logs, LOGS_OPERATIONS],
  ["s3", s3, createS3Api({} as never).operations],
  ["sns", sns, createSns(options).api.operations],
  ["ssm", ssm, SSM_OPERATIONS],
  ["sts", sts, createSts(options).api.operations],
];

/** A header of every request, which is no member of an input. */
const BESIDE_THE_MODEL = ["lambda Invoke: TraceId"];

/** Schemas as clients export them: the kind, the namespace, the name, traits, and then what the kind wants. */
type Schema = readonly unknown[];
const STRUCTURE = 3;
const LIST = 1;

const resolve = (schema: unknown): unknown => (typeof schema === "function" ? resolve(schema()) : schema);

/** What is wrong with the members of a structure, each with where it is. */
function complaints(members: Members, schema: unknown, at: string): string[] {
  const [kind, , , , names, types, required = 0] = resolve(schema) as Schema;
  if (kind !== STRUCTURE) return [`${at} is no structure of AWS's`];
  const known = names as readonly string[];
  const missing = known.slice(0, required as number).filter((name) => members[name]?.isRequired !== true);
  return [
    ...missing.map((name) => `${at}${name} is wanted by AWS`),
    ...Object.entries(members).flatMap(([name, shape]) => {
      const index = known.indexOf(name);
      if (index < 0) return BESIDE_THE_MODEL.includes(at + name) ? [] : [`${at}${name} is not known to AWS`];
      return complaintsOf(shape, (types as readonly unknown[])[index], `${at}${name}.`);
    }),
  ];
}

function complaintsOf(shape: Shape, schema: unknown, at: string): string[] {
  if (shape.kind === "structure") return complaints(shape.members, withoutTraits(schema), at);
  if (shape.kind !== "list") return [];
  const [kind, , , , element] = asTuple(withoutTraits(schema));
  return kind === LIST ? complaintsOf(shape.of, element, at) : [];
}

/** A member with traits of its own stands with them in a pair. */
function withoutTraits(schema: unknown): unknown {
  const resolved = resolve(schema);
  return Array.isArray(resolved) && resolved.length === 2 ? resolve(resolved[0]) : resolved;
}

const asTuple = (schema: unknown): Schema => (Array.isArray(schema) ? schema : []);

it.each(SERVICES)("the operations of %s take what AWS's model has, and nothing else", (service, client, operations) => {
  expect(operations.length).toBeGreaterThan(0);
  const found = operations.flatMap(({ name, input }) => {
    const schema = (client as Record<string, Schema>)[`${name}$`];
    if (schema === undefined) return [`${service} has no operation ${name}`];
    return complaints(input, schema[4], `${service} ${name}: `);
  });
  expect(found).toEqual([]);
});

it("sees a member that AWS does not have, one that is missing, and one in the wrong place", () => {
  const schema = (iam as unknown as Record<string, Schema>).CreateRole$;
  const string: Shape = { kind: "string" };
  const tags: Shape = { kind: "list", of: { kind: "structure", members: { Kez: string } } };
  expect(complaints({ RoleName: string, Colour: string, Tags: tags }, schema?.[4], "")).toEqual([
    "RoleName is wanted by AWS",
    "AssumeRolePolicyDocument is wanted by AWS",
    "Colour is not known to AWS",
    "Tags.Key is wanted by AWS",
    "Tags.Value is wanted by AWS",
    "Tags.Kez is not known to AWS",
  ]);
});
