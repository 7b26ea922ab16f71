// What the other services know of Systems Manager's Parameter Store.

import type { ApiService } from "../api/operation";

export const PARAMETER_TYPES = ["String", "StringList", "SecureString"] as const;

export type ParameterType = (typeof PARAMETER_TYPES)[number];

export interface PutParameterInput {
  readonly name: string;
  readonly value: string;
  /** Needed to create a parameter. */
  readonly type?: ParameterType;
  /** Without it, a parameter that is there is left alone and the call refused. */
  readonly overwrite?: boolean;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Ssm extends ApiService {
  putParameter(input: PutParameterInput): { arn: string; version: number };
}
