// What Systems Manager's Parameter Store keeps.

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
