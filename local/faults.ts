// The faults that whoever runs the embedded AWS may inject; without a rule there are none. The edge asks before each
// request, Lambda before each delivery and each invocation. No service knows who injects, or why: what a rule decides is its own business.

import type { AwsError } from "./aws-error";
import { createKills, type Kills } from "./kills";
import type { Caller } from "./service";

/** A request of a known caller, before its service sees it. */
export interface ServiceCall {
  /** `s3`, `dynamodb`, `lambda`, `logs`, `ssm`, `events` or `tinify`. */
  readonly service: string;
  readonly caller: Caller;
  readonly requestId: string;
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  /** The operation in `X-Amz-Target`, such as `UpdateItem`; absent where method and path say it. */
  readonly operation?: string;
  /** Empty for S3, whose bodies stream. */
  readonly body: Buffer;
}

/** What goes wrong with a request; several things may, in this order. */
export interface RequestFault {
  /** Nothing happens for so long, unless the client gives up before. */
  readonly delayMs?: number;
  /** Nothing happens until this resolves, unless the client gives up before. */
  readonly until?: Promise<void>;
  /** The service refuses, in its own protocol; nothing was done. */
  readonly error?: AwsError;
  /** Something else than the service responds; nothing was done. */
  readonly response?: { readonly status: number; readonly contentType: string; readonly body: string };
  /** The connection breaks before the service did its work, or after, so that the response alone is lost. */
  readonly cut?: "before" | "after";
}

/** An invocation of a function, before it runs. */
export interface Invocation {
  readonly functionName: string;
  /** What made the function run, such as `Invoke`, `s3.amazonaws.com` or `dynamodb`. */
  readonly trigger: string;
  /** The event, as JSON text. */
  readonly payload: string;
}

export interface InvocationFault {
  /**
   * The function's instance is killed at the invocation's n-th call of a service: the work is done, and the function
   * never gets the response. An invocation of fewer calls goes on.
   */
  readonly killAtCall: number;
  /** Called when the invocation has failed because of it. */
  readonly onDeath?: () => void;
}

/** What is about to reach a function: an asynchronous event, or a batch of a stream. */
export interface Arrival {
  readonly functionName: string;
  /** As an invocation's. */
  readonly trigger: string;
}

/** Decides which requests and invocations fail, and how. */
export interface FaultRule {
  request?(call: ServiceCall): RequestFault | undefined;
  invocation?(invocation: Invocation): InvocationFault | undefined;
  /** Whether it comes twice, and an asynchronous event out of order as well: AWS promises "at least once". */
  repeats?(arrival: Arrival): boolean;
}

export interface Faults {
  /** Adds a rule; where several apply, the one injected first decides. The returned function takes it back. */
  inject(rule: FaultRule): () => void;
  /** Takes back all rules. */
  clear(): void;
}

/** What services ask. */
export interface FaultDecisions {
  ofRequest(call: ServiceCall): RequestFault | undefined;
  ofInvocation(invocation: Invocation): InvocationFault | undefined;
  repeats(arrival: Arrival): boolean;
  /** Between Lambda, which lets an invocation be killed, and the edge, which does it. */
  readonly kills: Kills;
}

/** Creates the faults of one embedded AWS: none. */
export function createFaults(): Faults & FaultDecisions {
  const rules = new Set<FaultRule>();

  function firstOf<T>(decide: (rule: FaultRule) => T | undefined): T | undefined {
    for (const rule of rules) {
      const decision = decide(rule);
      if (decision !== undefined) return decision;
    }
    return undefined;
  }

  return {
    inject(rule) {
      rules.add(rule);
      return () => void rules.delete(rule);
    },
    clear: () => rules.clear(),
    ofRequest: (call) => firstOf((rule) => rule.request?.(call)),
    ofInvocation: (invocation) => firstOf((rule) => rule.invocation?.(invocation)),
    repeats: (arrival) => [...rules].some((rule) => rule.repeats?.(arrival) ?? false),
    kills: createKills(),
  };
}
