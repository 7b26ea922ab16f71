// The one way to call any operation: its input is read by its shapes, IAM decides on its caller, and it runs. Requests come
// through here from the edge, and so does what applies a stack.

import { randomUUID } from "node:crypto";
import { type ActivityStream, now } from "../activity";
import { AwsError } from "../aws-error";
import type { Iam } from "../iam/types";
import { type Caller, callerName } from "../service";
import type { Api, Operation, OperationContext } from "./operation";
import { readInput } from "./read-input";

/** Tells what is done to which resource. */
export type Describe = (action: string, resource?: string) => void;

/**
 * Runs one operation for its caller.
 * @param given the input as it came, after its protocol has taken it apart
 * @throws AwsError for a wrong input, for what IAM does not allow, and for what the operation refuses
 */
export async function perform<State>(
  { actionPrefix, inputError, state }: Api<State>,
  // biome-ignore lint/suspicious/noExplicitAny: an operation knows the types of its own input
  { name, input: members, read, resources, run }: Operation<State, any>,
  iam: Iam,
  given: unknown,
  context: OperationContext,
  describe: Describe,
): Promise<unknown> {
  describe(name);
  const input = read === undefined ? readInput(members, given, inputError) : read(given, state);
  const authorizations = resources(input, state);
  describe(name, authorizations.find(({ resource }) => resource !== "*")?.resource);
  for (const { action = name, ...authorization } of authorizations) {
    iam.authorize({
      caller: context.caller,
      action: action.includes(":") ? action : `${actionPrefix}:${action}`,
      ...authorization,
    });
  }
  return run(state, input, context);
}

/** Calls an operation from within this process. */
export type Call = (service: string, operation: string, input: object, caller: Caller) => Promise<unknown>;

/** Creates the way in for what calls from within this process; each call is published as a request is. */
export function createCall(apis: readonly Api[], iam: Iam, activity: ActivityStream): Call {
  return async (service, operationName, input, caller) => {
    const api = apis.find(({ name }) => name === service);
    const operation = api?.operations.find(({ name }) => name === operationName);
    if (api === undefined || operation === undefined) {
      throw new Error(`${service} has no operation ${operationName}`);
    }
    const at = now();
    const requestId = randomUUID();
    const context = { requestId, caller: { ...caller, requestId }, sourceIp: "127.0.0.1" };
    let resource: string | undefined;
    let error: string | undefined;
    try {
      return await perform(api, operation, iam, input, context, (_action, name) => {
        resource = name;
      });
    } catch (thrown) {
      error = thrown instanceof AwsError ? thrown.code : "InternalError";
      throw thrown;
    } finally {
      const ms = now() - at;
      activity.publish({
        at,
        ms,
        service,
        action: operationName,
        resource,
        requestId,
        caller: callerName(caller),
        error,
      });
    }
  };
}
