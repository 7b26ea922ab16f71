// The operations of Parameter Store that read and write values. The secure ones are encrypted with AWS's own key, which
// asks no further permission: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html

import { AwsError } from "../aws-error";
import { createJsonInput } from "../edge/json-input";
import type { JsonOperation } from "../edge/json-protocol";
import type { Iam } from "../iam/types";
import type { RequestContext } from "../service";
import { invalid, type Parameter, type ParameterStore } from "./store";
import { PARAMETER_TYPES } from "./types";

const DEFAULT_KEY = "alias/aws/ssm";
/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const MAX_NAMES = 10;

const createInput = (parameters: Record<string, unknown>) => createJsonInput(parameters, "ValidationException");

/** The table of operations; each refuses parameters it does not know. */
export function createSsmOperations(store: ParameterStore, iam: Iam): Record<string, JsonOperation> {
  function authorize({ caller }: RequestContext, action: string, name: string): void {
    iam.authorize({ caller, action: `ssm:${action}`, resource: store.arnOf(name) });
  }

  return {
    GetParameter(raw, context) {
      const input = createInput(raw);
      const name = checked(required("Name", input.string("Name")));
      const decrypted = input.boolean("WithDecryption") ?? false;
      input.finish();
      context.describe("GetParameter", store.arnOf(name));
      authorize(context, "GetParameter", name);
      const parameter = store.find(name);
      // As on AWS, whose answer has no message here: who asked must say the name.
      if (parameter === undefined) throw new AwsError("ParameterNotFound", "");
      return { Parameter: describe(parameter, decrypted) };
    },

    GetParameters(raw, context) {
      const input = createInput(raw);
      const names = required("Names", input.strings("Names")).map(checked);
      const decrypted = input.boolean("WithDecryption") ?? false;
      input.finish();
      if (names.length === 0 || names.length > MAX_NAMES) {
        throw invalid(`Names must have 1 to ${MAX_NAMES} elements (given ${names.length})`);
      }
      context.describe("GetParameters", names.map(store.arnOf).join(" "));
      for (const name of names) authorize(context, "GetParameters", name);
      const found = names.flatMap((name) => store.find(name) ?? []);
      return {
        Parameters: found.map((parameter) => describe(parameter, decrypted)),
        InvalidParameters: names.filter((name) => store.find(name) === undefined),
      };
    },

    PutParameter(raw, context) {
      const input = createInput(raw);
      const name = required("Name", input.string("Name"));
      const value = required("Value", input.string("Value"));
      const type = PARAMETER_TYPES.find((each) => each === input.oneOf("Type", PARAMETER_TYPES));
      const overwrite = input.boolean("Overwrite");
      input.string("Description"); // Read by nobody here.
      input.oneOf("KeyId", [DEFAULT_KEY]);
      input.oneOf("Tier", ["Standard"]);
      input.oneOf("DataType", ["text"]);
      input.finish();
      context.describe("PutParameter", store.arnOf(name));
      authorize(context, "PutParameter", name);
      const { version } = store.put({ name, value, type, overwrite });
      return { Version: version, Tier: "Standard" };
    },
  };
}

function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw invalid(`${name} is missing`);
  return value;
}

/** Refuses `name:version` and `name:label`. */
function checked(name: string): string {
  const withoutPrefix = name.replace(/^arn:.*:parameter\//, "");
  if (!withoutPrefix.includes(":")) return name;
  throw invalid(`The embedded AWS keeps the newest version alone: no version or label may follow the name "${name}"`);
}

const describe = ({ name, arn, type, value, ciphertext, version, lastModified }: Parameter, decrypted: boolean) => ({
  Name: name,
  Type: type,
  Value: type === "SecureString" && !decrypted ? ciphertext : value,
  Version: version,
  LastModifiedDate: lastModified / 1000,
  ARN: arn,
  DataType: "text",
});
