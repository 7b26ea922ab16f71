// The parameters of one account, each in its newest version, within Parameter Store's limits.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html

import { randomBytes } from "node:crypto";
import type { Account } from "../account";
import { AwsError } from "../aws-error";
import type { ParameterType, PutParameterInput } from "./types";

/** Characters of a name without its ARN's beginning. */
const MAX_NAME_CHARACTERS = 1011;
const MAX_LEVELS = 15;
/** Of the standard tier, which is the only one here. */
const MAX_VALUE_BYTES = 4096;
/** What KMS adds to the text it encrypts, about. */
const CIPHERTEXT_OVERHEAD_BYTES = 150;

export interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly type: ParameterType;
  readonly value: string;
  /** What is shown of a SecureString without decryption. */
  readonly ciphertext: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly description?: string;
  readonly tags: Map<string, string>;
}

export type ParameterStore = ReturnType<typeof createParameterStore>;

/** Creates the Parameter Store of one account. */
export function createParameterStore({ accountId, region }: Account) {
  const parameters = new Map<string, Parameter>();
  const arnPrefix = `arn:aws:ssm:${region}:${accountId}:parameter/`;

  /** The ARN that a name means; an ARN means itself. */
  const arnOf = (name: string): string => (name.startsWith("arn:") ? name : arnPrefix + name.replace(/^\//, ""));

  return {
    arnOf,

    /** By name or ARN. */
    find: (name: string): Parameter | undefined =>
      parameters.get(name) ?? [...parameters.values()].find(({ arn }) => arn === name),

    /** By name. */
    list: (): Parameter[] => [...parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),

    /** Whether it was there. */
    remove: (name: string): boolean => parameters.delete(name),

    put({ name, value, type, overwrite = false, description, tags = {} }: PutParameterInput): Parameter {
      checkName(name);
      checkValue(value);
      const existing = parameters.get(name);
      if (existing !== undefined && !overwrite) {
        throw new AwsError(
          "ParameterAlreadyExists",
          "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
        );
      }
      if (overwrite && Object.keys(tags).length > 0) {
        throw invalid("Invalid request: tags and overwrite can't be used together.");
      }
      const finalType = type ?? existing?.type;
      if (finalType === undefined) {
        throw invalid("A parameter type is required when you create a parameter.");
      }
      if (existing !== undefined && existing.type !== finalType) {
        throw new AwsError(
          "HierarchyTypeMismatchException",
          `The parameter ${name} is a ${existing.type} and cannot become a ${finalType}.`,
        );
      }
      const parameter: Parameter = {
        name,
        arn: arnOf(name),
        type: finalType,
        value,
        ciphertext: randomBytes(CIPHERTEXT_OVERHEAD_BYTES + Buffer.byteLength(value)).toString("base64"),
        version: (existing?.version ?? 0) + 1,
        lastModified: Date.now(),
        description: description ?? existing?.description,
        tags: existing?.tags ?? new Map(Object.entries(tags)),
      };
      parameters.set(name, parameter);
      return parameter;
    },

    clear: () => parameters.clear(),
  };
}

export const invalid = (message: string) => new AwsError("ValidationException", message);

function checkName(name: string): void {
  const shown = `(given "${name}")`;
  if (name.length > MAX_NAME_CHARACTERS || !/^[A-Za-z0-9_.\-/]+$/.test(name)) {
    throw invalid(
      `Parameter name: only 1 to ${MAX_NAME_CHARACTERS} letters, digits and the symbols _ . - / are allowed ${shown}`,
    );
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw invalid(`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive) ${shown}`);
  }
  const levels = name.split("/").slice(name.startsWith("/") ? 1 : 0);
  if (levels.length > 1 && !name.startsWith("/"))
    throw invalid(`Parameter name must be a fully qualified name ${shown}`);
  if (levels.includes("")) throw invalid(`Parameter name: no level may be empty ${shown}`);
  if (levels.length > MAX_LEVELS) throw invalid(`Parameter name: ${MAX_LEVELS} levels are the most ${shown}`);
}

/** The value itself, which may be a secret, is never part of a refusal. */
function checkValue(value: string): void {
  const size = Buffer.byteLength(value);
  if (size === 0 || size > MAX_VALUE_BYTES) {
    throw invalid(`Standard tier parameters support values of 1 to ${MAX_VALUE_BYTES} bytes (given ${size})`);
  }
}
