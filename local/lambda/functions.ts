// The functions that exist: their configuration, code, role and who else may invoke them.

import { randomUUID } from "node:crypto";
import type { Account } from "../account";
import { AwsError } from "../aws-error";
import type { Iam, PolicyDocument } from "../iam/types";
import type { Caller } from "../service";
import type { Code, CodeStore } from "./code";
import { checkConfiguration } from "./configuration";
import type { CreateFunctionInput, EventInvokeConfigInput, FunctionChange, FunctionConfiguration } from "./types";

export const LAMBDA_PRINCIPAL = "lambda.amazonaws.com";

/** A function's resource policy: what AddPermission gathered. */
export interface FunctionPolicy extends PolicyDocument {
  readonly Statement: readonly Permission[];
}

export interface Permission {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly Service: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface LambdaFunction {
  readonly arn: string;
  /** Never changed, only replaced: running invocations keep what they began with. */
  configuration: FunctionConfiguration;
  readonly tags: Map<string, string>;
  /** Never changed, only replaced, as the configuration. */
  code: Code;
  /** Who calls AWS when the function's code does. */
  caller: Caller;
  revisionId: string;
  modifiedAt: Date;
  /** Never changed, only replaced: IAM keeps each document compiled. */
  policy?: FunctionPolicy;
  eventInvokeConfig?: EventInvokeConfigInput & { readonly lastModified: Date };
}

export interface FunctionRegistry {
  /** The ARN and the name that a name or an ARN means, whether there is such a function or not. */
  arnOf(reference: string): string;
  nameOf(reference: string): string;
  create(input: CreateFunctionInput): LambdaFunction;
  remove(target: LambdaFunction): void;
  /** Refuses what CreateFunction would refuse. */
  update(target: LambdaFunction, change: FunctionChange): void;
  updateCode(target: LambdaFunction, zipFile: Uint8Array): void;
  /** By name, ARN or partial ARN; throws ResourceNotFoundException, also for a version or alias: there are none. */
  get(reference: string, qualifier?: string): LambdaFunction;
  /** By name. */
  list(): readonly LambdaFunction[];
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: name, partial ARN or ARN, and an optional qualifier. */
const REFERENCE =
  /^(?:(?:arn:aws:lambda:(?<region>[a-z0-9-]+):)?(?<accountId>\d{12}):function:)?(?<name>[a-zA-Z0-9-_]+)(?::(?<suffix>\$LATEST|[a-zA-Z0-9-_]+))?$/;

export function createFunctionRegistry(account: Readonly<Account>, iam: Iam, codeStore: CodeStore): FunctionRegistry {
  const functions = new Map<string, LambdaFunction>();
  const arnOf = (name: string) => `arn:aws:lambda:${account.region}:${account.accountId}:function:${name}`;

  function nameOf(reference: string): string {
    const { name } = REFERENCE.exec(reference)?.groups ?? {};
    // An invalid name is refused with the other settings.
    return name ?? reference;
  }

  return {
    arnOf: (reference) => arnOf(nameOf(reference)),
    nameOf,

    create({ zipFile, tags = {}, ...configuration }) {
      const { functionName, roleArn } = configuration;
      checkConfiguration(configuration);
      if (functions.has(functionName)) {
        throw new AwsError("ResourceConflictException", `Function already exist: ${functionName}`, 409);
      }
      const arn = arnOf(functionName);
      const created: LambdaFunction = {
        arn,
        configuration,
        tags: new Map(Object.entries(tags)),
        caller: assumedRole(iam, roleArn, functionName, arn),
        code: codeStore.unpack(zipFile),
        revisionId: randomUUID(),
        modifiedAt: new Date(),
      };
      functions.set(functionName, created);
      return created;
    },

    update(target, change) {
      const configuration = { ...target.configuration, ...change };
      checkConfiguration(configuration);
      if (configuration.roleArn !== target.configuration.roleArn) {
        target.caller = assumedRole(iam, configuration.roleArn, configuration.functionName, target.arn);
      }
      Object.assign(target, { configuration, revisionId: randomUUID(), modifiedAt: new Date() });
    },

    updateCode(target, zipFile) {
      const { code: replaced } = target;
      Object.assign(target, { code: codeStore.unpack(zipFile), revisionId: randomUUID(), modifiedAt: new Date() });
      codeStore.release(replaced);
    },

    remove({ configuration, code }) {
      functions.delete(configuration.functionName);
      codeStore.release(code);
    },

    get(reference, qualifier) {
      const { region, accountId, name, suffix } = REFERENCE.exec(reference)?.groups ?? {};
      if (name === undefined) {
        throw new AwsError(
          "ValidationException",
          `1 validation error detected: Value '${reference}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${REFERENCE.source}`,
        );
      }
      const version = qualifier ?? suffix;
      const isHere =
        (region ?? account.region) === account.region && (accountId ?? account.accountId) === account.accountId;
      const found = isHere && (version ?? "$LATEST") === "$LATEST" ? functions.get(name) : undefined;
      if (found === undefined) {
        const missing = `${arnOf(name)}${version === undefined ? "" : `:${version}`}`;
        throw new AwsError("ResourceNotFoundException", `Function not found: ${missing}`, 404);
      }
      return found;
    },

    list: () =>
      [...functions.values()].sort((a, b) => (a.configuration.functionName < b.configuration.functionName ? -1 : 1)),
  };
}

/** Lambda tries the role when a function is created. */
function assumedRole(iam: Iam, roleArn: string, sessionName: string, sourceArn: string): Caller {
  try {
    const { caller, accessKeyId } = iam.assumeRole({ roleArn, service: LAMBDA_PRINCIPAL, sessionName, sourceArn });
    iam.revoke(accessKeyId);
    return caller;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      "InvalidParameterValueException",
      `The role defined for the function cannot be assumed by Lambda. (${roleArn}: ${error.message})`,
    );
  }
}
