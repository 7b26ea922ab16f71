// The list that a request brings: canned, grant by grant in headers, or as a document.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html

import { AwsError } from "../../aws-error";
import type { Iam } from "../../iam/types";
import { invalidArgument, invalidRequest, malformedXml } from "../errors";
import { element, elements, onlyElements, parseXml, requiredText, text } from "../xml";
import { ownerOfId } from "./owners";
import { GROUPS, type Grant, type Grantee, type Owner, PERMISSIONS, type Permission } from "./types";

type Header = (name: string) => string | undefined;
type Accounts = Pick<Iam, "hasAccount">;

const GRANT_HEADERS: readonly [header: string, permission: Permission][] = PERMISSIONS.map((permission) => [
  `x-amz-grant-${permission.toLowerCase().replace("_", "-")}`,
  permission,
]);
const MAX_GRANTS = 100;

/** What the headers of a request ask for; nothing when it asks for no list. */
export function readAclHeaders(
  header: Header,
  query: URLSearchParams,
  iam: Accounts,
): { canned: string } | { grants: readonly Grant[] } | undefined {
  const canned = header("x-amz-acl") ?? query.get("x-amz-acl") ?? undefined;
  const grants = GRANT_HEADERS.flatMap(([name, permission]) =>
    granteesOf(header(name) ?? query.get(name) ?? "", name, iam).map((grantee) => ({ grantee, permission })),
  );
  if (canned !== undefined && grants.length > 0) {
    throw invalidRequest("Specifying both Canned ACLs and Header Grants is not allowed");
  }
  if (canned !== undefined) return { canned };
  return grants.length === 0 ? undefined : { grants };
}

/** `id="…", uri="…"`; who is named by an e-mail address is refused, as on AWS since October 2025. */
function granteesOf(value: string, name: string, iam: Accounts): Grantee[] {
  return value
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) => {
      const [, kind = "", who = ""] = /^(id|uri|emailAddress)="?([^"]*)"?$/.exec(each) ?? [];
      if (kind === "id") return ofId(who, iam);
      if (kind === "uri") return ofGroup(who);
      if (kind === "emailAddress") throw noEmailGrantees();
      throw invalidArgument("Argument format not recognized", name, value);
    });
}

/** The list of a document, whose owner must be who owns it already. */
export function readAclDocument(document: string, owner: Owner, iam: Accounts): readonly Grant[] {
  const policy = parseXml(document, "AccessControlPolicy");
  onlyElements(policy, "Owner", "AccessControlList");
  const named = text(element(policy, "Owner"), "ID")?.trim();
  if (named !== undefined && ownerOfId(named) !== owner) throw new AwsError("AccessDenied", "Access Denied", 403);
  if (policy.AccessControlList === undefined) throw malformedAcl();
  const grants = elements(element(policy, "AccessControlList"), "Grant").map((grant): Grant => {
    onlyElements(grant, "Grantee", "Permission");
    const permission = PERMISSIONS.find((each) => each === requiredText(grant, "Permission").trim());
    if (permission === undefined) throw malformedXml();
    return { grantee: readGrantee(element(grant, "Grantee"), iam), permission };
  });
  if (grants.length > MAX_GRANTS) throw malformedAcl();
  return grants;
}

function readGrantee(grantee: Record<string, unknown>, iam: Accounts): Grantee {
  const [id, uri, email] = ["ID", "URI", "EmailAddress"].map((name) => text(grantee, name)?.trim());
  if (id !== undefined) return ofId(id, iam);
  if (uri !== undefined) return ofGroup(uri);
  if (email !== undefined) throw noEmailGrantees();
  throw malformedXml();
}

function ofId(id: string, { hasAccount }: Accounts): Grantee {
  const owner = ownerOfId(id);
  if (owner === undefined || !hasAccount(owner)) throw invalidArgument("Invalid id", "CanonicalUser/ID", id);
  return { owner };
}

function ofGroup(group: string): Grantee {
  if (!GROUPS.includes(group)) throw invalidArgument("Invalid group uri", "Group/URI", group);
  return { group };
}

const malformedAcl = () =>
  new AwsError(
    "MalformedACLError",
    "The XML you provided was not well-formed or did not validate against our published schema",
    400,
  );

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Grantee.html */
const noEmailGrantees = () =>
  new AwsError("MethodNotAllowed", "Email grantees are not supported in access control lists.", 405);
