// What the other services know of IAM: roles with inline policies, keys that mean a role, and one decision per call.

import type { Caller } from "../service";

/** A policy document after JSON.parse. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: unknown;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present for keys that mean a role. */
  readonly sessionToken?: string;
  readonly caller: Caller;
}

export interface AuthorizationRequest {
  readonly caller: Caller;
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** The ARN it is done to, or `*` where the action knows no resource. */
  readonly resource: string;
  /** The policy of the resource itself, where it has one. */
  readonly resourcePolicy?: PolicyDocument;
  /** The account whose resource it is. @default the account */
  readonly owner?: string;
  /** The resource policy's owner does not own the resource: its policy may deny, and allows nothing. */
  readonly isForeign?: boolean;
  /** Whom an access control list lets do it: everybody, or the principals of the requester's account whose policies allow it. */
  readonly acl?: "everybody" | "account";
  /** Condition keys of this request, such as `s3:prefix`; the global keys are IAM's own business. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** A call of a service's own, with `aws:SourceArn` and `aws:SourceAccount` in its context. */
export interface ServiceAuthorizationRequest extends Omit<AuthorizationRequest, "caller"> {
  /** The service principal, such as `s3.amazonaws.com`. */
  readonly service: string;
}

/** Another AWS account, whose administrator may call too: resource policies and access control lists may let it in. */
export interface OtherAccount {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Iam {
  /** Whether an account of that id is there. */
  hasAccount(accountId: string): boolean;
  /** What STS calls a caller: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
  userIdOf(caller: Extract<Caller, { kind: "administrator" | "role" }>): string;
  /** Refuses malformed documents and every element that the evaluator does not know. */
  createRole(input: { roleName: string; assumeRolePolicyDocument: string }): { arn: string; roleName: string };
  putRolePolicy(input: { roleName: string; policyName: string; policyDocument: string }): void;
  /** The document as it was put; throws NoSuchEntity. */
  getRolePolicy(input: { roleName: string; policyName: string }): { policyDocument: string };
  /** Parses and checks a policy of a resource (a bucket's). */
  parsePolicy(document: string, kind: "identity" | "resource" | "trust"): PolicyDocument;
  /** New keys of a role for a service that its trust policy names; throws AccessDenied otherwise. */
  assumeRole(input: { roleArn: string; service: string; sessionName: string; sourceArn?: string }): Credentials;
  /** Keys of a service that calls in its own name, for one resource: only resource policies let it in. */
  actAsService(input: { service: string; sourceArn: string }): Credentials;
  revoke(accessKeyId: string): void;
  findCredentials(accessKeyId: string): Credentials | undefined;
  /** Returns when allowed; throws AWS's AccessDenied, which names caller, action, resource and reason, when not. */
  authorize(request: AuthorizationRequest): void;
  /** The same for a call that a service makes in its own name, such as S3 invoking a function: only the resource policy counts. */
  authorizeService(request: ServiceAuthorizationRequest): void;
}
