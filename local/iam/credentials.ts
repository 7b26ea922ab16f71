// Access keys: the administrator's fixed pair, and temporary keys that mean a role while an instance of a function lives.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html

import { randomBytes } from "node:crypto";
import type { Account } from "../account";
import type { Caller } from "../service";
import type { Credentials, OtherAccount } from "./types";

/** The key pair of the account's administrator; the AWS CLI and the SDKs take it from anywhere. */
export const ADMINISTRATOR_KEY = { accessKeyId: "test", secretAccessKey: "test" } as const;

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET_BYTES = 30;
const TOKEN_BYTES = 270;

/** IAM's ids: a prefix for the kind of resource, and sixteen characters more. */
export const uniqueId = (prefix: "ASIA" | "AROA"): string =>
  prefix + Array.from(randomBytes(16), (byte) => BASE32[byte % BASE32.length]).join("");

export interface CredentialStore {
  issue(role: { roleName: string; sessionName: string }): Credentials;
  issueForService(caller: { service: string; sourceArn: string }): Credentials;
  find(accessKeyId: string): Credentials | undefined;
  revoke(accessKeyId: string): void;
  /** All keys that mean a role; a role that gets its name later is another one. */
  revokeRole(roleName: string): void;
}

/** Creates the key store of one account; it knows the administrators of others. */
export function createCredentialStore(
  { accountId }: Account,
  otherAccounts: readonly OtherAccount[] = [],
): CredentialStore {
  const administratorOf = (account: OtherAccount): [string, Credentials] => [
    account.accessKeyId,
    { ...account, caller: { kind: "administrator", arn: `arn:aws:iam::${account.accountId}:user/administrator` } },
  ];
  const permanent = new Map([{ accountId, ...ADMINISTRATOR_KEY }, ...otherAccounts].map(administratorOf));
  const temporary = new Map<string, Credentials>();

  function issueFor(caller: Caller): Credentials {
    const credentials: Credentials = {
      accessKeyId: uniqueId("ASIA"),
      secretAccessKey: randomBytes(SECRET_BYTES).toString("base64"),
      sessionToken: randomBytes(TOKEN_BYTES).toString("base64"),
      caller,
    };
    temporary.set(credentials.accessKeyId, credentials);
    return credentials;
  }

  return {
    issue: ({ roleName, sessionName }) =>
      issueFor({
        kind: "role",
        roleName,
        arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
      }),
    issueForService: (caller) => issueFor({ kind: "service", ...caller }),
    find: (accessKeyId) => permanent.get(accessKeyId) ?? temporary.get(accessKeyId),
    revoke: (accessKeyId) => void temporary.delete(accessKeyId),
    revokeRole(roleName) {
      for (const [accessKeyId, { caller }] of temporary) {
        if (caller.kind === "role" && caller.roleName === roleName) temporary.delete(accessKeyId);
      }
    },
  };
}
