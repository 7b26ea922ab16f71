// Roles and their inline policies, within IAM's limits.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

import type { Account } from "../account";
import { AwsError } from "../aws-error";
import { uniqueId } from "./credentials";
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
  readonly roleId: string;
  readonly createDate: Date;
  /** As it was put. */
  assumeRolePolicyDocument: string;
  trust: readonly Statement[];
  description: string | undefined;
  /** Seconds. */
  maxSessionDuration: number;
  readonly tags: Map<string, string>;
  /** The statements of all inline policies. */
  statements(): readonly Statement[];
}

export interface NewRole {
  readonly roleName: string;
  readonly assumeRolePolicyDocument: string;
  readonly description?: string;
  /** Seconds. @default 3600 */
  readonly maxSessionDuration?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface RoleStore {
  /** Of a role of that name, whether it is there or not. */
  arnOf(roleName: string): string;
  create(input: NewRole): Role;
  /** @throws AwsError NoSuchEntity */
  get(roleName: string): Role;
  find(roleName: string): Role | undefined;
  /** By name. */
  list(): readonly Role[];
  /** Refuses a role that has policies still: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html */
  remove(roleName: string): void;
  updateTrust(roleName: string, assumeRolePolicyDocument: string): void;
  putPolicy(input: { roleName: string; policyName: string; policyDocument: string }): void;
  getPolicy(input: { roleName: string; policyName: string }): { policyDocument: string };
  removePolicy(input: { roleName: string; policyName: string }): void;
  /** The names of a role's inline policies, in their order. */
  policyNames(roleName: string): readonly string[];
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

/**
 * Creates the role store of one account.
 * @param onRemoved called with the name of each deleted role
 */
export function createRoleStore({ accountId }: Account, onRemoved: (roleName: string) => void): RoleStore {
  const roles = new Map<string, Entry>();
  const arnOf = (roleName: string) => `arn:aws:iam::${accountId}:role/${roleName}`;

  function entryOf(roleName: string): Entry {
    const entry = roles.get(roleName);
    if (entry !== undefined) return entry;
    throw new AwsError("NoSuchEntity", `The role with name ${roleName} cannot be found.`, 404);
  }

  return {
    arnOf,
    create({ roleName, assumeRolePolicyDocument, description, maxSessionDuration = 3600, tags = {} }) {
      checkName("roleName", roleName, MAX_ROLE_NAME);
      const trust = readTrust(assumeRolePolicyDocument);
      if (roles.has(roleName)) {
        throw new AwsError("EntityAlreadyExists", `Role with name ${roleName} already exists.`, 409);
      }
      const policies: Entry["policies"] = new Map();
      const role: Role = {
        roleName,
        arn: arnOf(roleName),
        roleId: uniqueId("AROA"),
        createDate: new Date(),
        assumeRolePolicyDocument,
        trust,
        description,
        maxSessionDuration,
        tags: new Map(Object.entries(tags)),
        statements: () => [...policies.values()].flatMap((policy) => policy.statements),
      };
      roles.set(roleName, { role, policies });
      return role;
    },

    get: (roleName) => entryOf(roleName).role,
    find: (roleName) => roles.get(roleName)?.role,
    list: () => [...roles.values()].map(({ role }) => role).sort((a, b) => (a.roleName < b.roleName ? -1 : 1)),

    remove(roleName) {
      if (entryOf(roleName).policies.size > 0) {
        throw new AwsError("DeleteConflict", "Cannot delete entity, must delete policies first.", 409);
      }
      roles.delete(roleName);
      onRemoved(roleName);
    },

    updateTrust(roleName, assumeRolePolicyDocument) {
      const { role } = entryOf(roleName);
      role.trust = readTrust(assumeRolePolicyDocument);
      role.assumeRolePolicyDocument = assumeRolePolicyDocument;
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
      throw noSuchPolicy(policyName);
    },

    removePolicy({ roleName, policyName }) {
      if (!entryOf(roleName).policies.delete(policyName)) throw noSuchPolicy(policyName);
    },

    policyNames: (roleName) => [...entryOf(roleName).policies.keys()].sort(),
  };
}

const sizeOf = (document: string): number => document.replace(/\s/g, "").length;

/** Refuses a trust policy as CreateRole does. */
function readTrust(document: string): readonly Statement[] {
  checkDocument("assumeRolePolicyDocument", document);
  if (sizeOf(document) > MAX_TRUST_POLICY_CHARACTERS) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${MAX_TRUST_POLICY_CHARACTERS}`);
  }
  return compilePolicy(readPolicyDocument(document), "trust");
}

const noSuchPolicy = (policyName: string): AwsError =>
  new AwsError("NoSuchEntity", `The role policy with name ${policyName} cannot be found.`, 404);

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
