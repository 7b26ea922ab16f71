// An access control list in a response.

import type { XmlElement } from "../xml";
import { canonicalId, ownerElement } from "./owners";
import type { Acl, Grant } from "./types";

const XSI = "http://www.w3.org/2001/XMLSchema-instance";

/** Groups come first; S3 promises no order. */
export function aclElement({ owner, grants }: Acl): XmlElement {
  const groups = grants.filter(({ grantee }) => "group" in grantee);
  const sorted = [...groups, ...grants.filter((grant) => !groups.includes(grant))];
  return { Owner: ownerElement(owner), AccessControlList: sorted.length === 0 ? "" : { Grant: sorted.map(grantOf) } };
}

const grantOf = ({ grantee, permission }: Grant): XmlElement => ({
  Grantee:
    "group" in grantee
      ? { "@xmlns:xsi": XSI, "@xsi:type": "Group", URI: grantee.group }
      : {
          "@xmlns:xsi": XSI,
          "@xsi:type": "CanonicalUser",
          ID: canonicalId(grantee.owner),
          DisplayName: grantee.owner,
        },
  Permission: permission,
});
