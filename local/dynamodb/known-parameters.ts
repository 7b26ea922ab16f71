// The parameters that an operation has, by dynalite's descriptions of them; any other is refused by name.

import { AwsError } from "../aws-error";

/** dynalite's description of an operation's parameters: name → type and constraints. */
export type Types = Readonly<Record<string, unknown>>;

const RETURN_ON_FAILURE = { ReturnValuesOnConditionCheckFailure: { type: "String", enum: ["ALL_OLD", "NONE"] } };

/** Parameters that AWS has today and dynalite 4 lacks or checks less. */
export const LATER_PARAMETERS: Readonly<Record<string, Types>> = {
  PutItem: RETURN_ON_FAILURE,
  UpdateItem: {
    ...RETURN_ON_FAILURE,
    AttributeUpdates: {
      type: "Map<AttributeValueUpdate>",
      children: {
        type: "ValueStruct<AttributeValueUpdate>",
        children: {
          Action: { type: "String", enum: ["ADD", "DELETE", "PUT"] },
          Value: "AttrStruct<FieldStruct>",
        },
      },
    },
  },
  DeleteItem: RETURN_ON_FAILURE,
  Scan: {
    ConsistentRead: "Boolean",
    TotalSegments: { type: "Integer", greaterThanOrEqual: 1, lessThanOrEqual: 1_000_000 },
  },
};

/** Refuses what an operation does not know; unlike AWS, which ignores some of it. A typo should not pass. */
export function refuseUnknown(operation: string, input: unknown, types: Types): void {
  if (typeof input !== "object" || input === null) return;
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(types, name)) {
      throw new AwsError(
        "ValidationException",
        `The embedded AWS does not know the parameter "${name}" of ${operation}; it knows ${Object.keys(types).join(", ")}`,
      );
    }
    refuseUnknownIn(operation, value, types[name]);
  }
}

/** Walks the lists, maps and structures that dynalite's type tables describe; attribute values are DynamoDB's to judge. */
function refuseUnknownIn(operation: string, value: unknown, description: unknown): void {
  const { type, children } = (description ?? {}) as { type?: string; children?: unknown };
  if (type === undefined || typeof children !== "object" || children === null || typeof value !== "object") return;
  if (/Struct</.test(type)) refuseUnknown(operation, value, children as Types);
  else for (const child of Object.values(value ?? {})) refuseUnknownIn(operation, child, children);
}
