// Roles and their inline policies, within IAM's limits.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

import type { Account } from "../account";
import { AwsError } from "../aws-error";
import { compilePolicy, readPolicyDocument, type Statement } from "./policy";

/** Characters of all inline policies of a role together, white space not counted. */
const MAX_INLINE_POLICY_CHARACTERS = 10_240;
/** Characters of a trust policy (the default quota), white space not counted. */
const MAX_TRUST_POLICY_CHARACTERS = 2_048;
const MAX_ROLE_NAME = 64;
const MAX_POLICY_NAME = 128;
const NAME_PATTERN = /^[\w+=,.@-]+$/;
/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
const DOCUMENT_PATTERN = /^[\t\n\r\u0020-\u00ff]+$/;

export interface Role {
  readonly roleName: string;
  readonly arn: string;
  readonly trust: readonly Statement[];
  /** The statements of all inline policies. */
  statements(): readonly Statement[];
}

export interface RoleStore {
  create(input: { roleName: string; assumeRolePolicyDocument: string }): Role;
  putPolicy(input: { roleName: string; policyName: string; policyDocument: string }): void;
  getPolicy(input: { roleName: string; policyName: string }): { policyDocument: string };
  find(roleName: string): Role | undefined;
}

interface InlinePolicy {
  readonly policyDocument: string;
  readonly size: number;
  readonly statements: Statement[];
}

interface Entry {
  readonly role: Role;
  readonly policies: Map<string, InlinePolicy>;
}

/** Creates the role store of one account. */
export function createRoleStore({ accountId }: Account): RoleStore {
  const roles = new Map<string, Entry>();

  function entryOf(roleName: string): Entry {
    const entry = roles.get(roleName);
    if (entry !== undefined) return entry;
    throw new AwsError("NoSuchEntity", `The role with name ${roleName} cannot be found.`, 404);
  }

  return {
    create({ roleName, assumeRolePolicyDocument }) {
      checkName("roleName", roleName, MAX_ROLE_NAME);
      checkDocument("assumeRolePolicyDocument", assumeRolePolicyDocument);
      if (roles.has(roleName)) {
        throw new AwsError("EntityAlreadyExists", `Role with name ${roleName} already exists.`, 409);
      }
      if (sizeOf(assumeRolePolicyDocument) > MAX_TRUST_POLICY_CHARACTERS) {
        throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${MAX_TRUST_POLICY_CHARACTERS}`);
      }
      const trust = compilePolicy(readPolicyDocument(assumeRolePolicyDocument), "trust");
      const policies: Entry["policies"] = new Map();
      const role: Role = {
        roleName,
        arn: `arn:aws:iam::${accountId}:role/${roleName}`,
        trust,
        statements: () => [...policies.values()].flatMap((policy) => policy.statements),
      };
      roles.set(roleName, { role, policies });
      return role;
    },

    putPolicy({ roleName, policyName, policyDocument }) {
      checkName("policyName", policyName, MAX_POLICY_NAME);
      checkDocument("policyDocument", policyDocument);
      const entry = entryOf(roleName);
      const statements = compilePolicy(readPolicyDocument(policyDocument), "identity");
      const others = [...entry.policies].filter(([name]) => name !== policyName);
      const size = sizeOf(policyDocument);
      if (others.reduce((sum, [, policy]) => sum + policy.size, size) > MAX_INLINE_POLICY_CHARACTERS) {
        throw limitExceeded(
          `Maximum policy size of ${MAX_INLINE_POLICY_CHARACTERS} bytes exceeded for role ${roleName}`,
        );
      }
      entry.policies.set(policyName, { policyDocument, size, statements });
    },

    getPolicy({ roleName, policyName }) {
      const policy = entryOf(roleName).policies.get(policyName);
      if (policy !== undefined) return { policyDocument: policy.policyDocument };
      throw new AwsError("NoSuchEntity", `The role policy with name ${policyName} cannot be found.`, 404);
    },

    find: (roleName) => roles.get(roleName)?.role,
  };
}

const sizeOf = (document: string): number => document.replace(/\s/g, "").length;

const limitExceeded = (message: string): AwsError => new AwsError("LimitExceeded", message, 409);

function checkName(member: string, name: string, limit: number): void {
  if (name.length > limit || !NAME_PATTERN.test(name)) {
    throw new AwsError(
      "ValidationError",
      `The specified value for ${member} is invalid: "${name}". It must have 1 to ${limit} characters, only alphanumeric ones and/or: +=,.@_-`,
    );
  }
}

function checkDocument(member: string, document: string): void {
  if (!DOCUMENT_PATTERN.test(document)) {
    throw new AwsError(
      "ValidationError",
      `The specified value for ${member} is invalid. It must contain only printable ASCII characters.`,
    );
  }
}
