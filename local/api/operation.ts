// One operation of one service's API, whoever asks for it and by which protocol: what it takes, what its caller must be
// allowed, and what it does. Inputs and outputs have the members of AWS's own models; times in outputs are Dates, and
// what has no value is undefined.

import type { AuthorizationRequest } from "../iam/types";
import type { RequestContext, Service } from "../service";
import type { InputOf, Members } from "./shapes";

/** What an operation knows of the request it is run for. */
export type OperationContext = Pick<RequestContext, "requestId" | "caller" | "sourceIp">;

/** What a caller must be allowed. */
export interface Authorization extends Pick<AuthorizationRequest, "owner" | "resourcePolicy"> {
  /** The ARN that it is done to, or `*` where the action knows no resource. */
  readonly resource: string;
  /** Of another service with its name, `iam:PassRole`; default: the operation's name. */
  readonly action?: string;
  /** Condition keys of the request. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface Operation<State, M extends Members = Members, Output = unknown> {
  /** AWS's name. */
  readonly name: string;
  readonly input: M;
  /** Reads an input that shapes cannot describe, and refuses what is wrong with it. */
  read?(given: unknown, state: State): InputOf<M>;
  /** What the caller must be allowed, each of them; refuses what is not there, where AWS looks for it first. */
  resources(input: InputOf<M>, state: State): readonly Authorization[];
  run(state: State, input: InputOf<M>, context: OperationContext): Output | Promise<Output>;
}

/** An operation, with the types of its input made from its shapes. */
export const operation = <State, M extends Members, Output>(
  definition: Operation<State, M, Output>,
): Operation<State, M, Output> => definition;

/** The operations of one service. */
export interface Api<State = unknown> {
  /** As activities call it. */
  readonly name: string;
  /** What its actions begin with: `iam` of `iam:CreateRole`. */
  readonly actionPrefix: string;
  /** What it calls a wrong parameter: `ValidationException`. */
  readonly inputError: string;
  readonly state: State;
  // biome-ignore lint/suspicious/noExplicitAny: each operation knows the types of its own input
  readonly operations: readonly Operation<any, any>[];
}

/** A service whose operations can be called from within this process too. */
export interface ApiService extends Service {
  readonly api: Api;
}
