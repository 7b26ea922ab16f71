// A permission that is taken away from a role while everything runs, as by a mistaken apply. IAM itself decides by the
// narrower policy then, so that an opened step tells of its refusal.

import type { EmbeddedAws } from "../../local";
import { referencesOf } from "../../local/template/expressions";
import type { Stack } from "../../local/template/read-stack";
import type { DiagramNode } from "../types";
import type { FaultDefinition } from "./definition";

/** What each role cannot do its work without, by the Sid that grants it; failures can be kept all the same. */
const TAKEN: Readonly<Record<string, string>> = {
  UpdateProfileImage: "UpdateItem",
  StoreThumbnails: "PutObject",
};

interface Policy {
  readonly Statement: readonly { readonly Sid?: string }[];
}

/** The faults of those roles whose policies, as they are now, grant that. */
export function permissionFaults(
  { iam, activity }: Pick<EmbeddedAws, "iam" | "activity">,
  { blocks }: Stack,
  roles: readonly DiagramNode[],
): FaultDefinition[] {
  return blocks
    .filter(({ type }) => type === "aws_iam_role_policy")
    .flatMap(({ body }) => {
      const role = roles.find(({ id }) => referencesOf(body.role).some(({ address }) => address === id));
      if (role === undefined) return [];
      const policy = { roleName: role.name, policyName: String(body.name) };
      const { Statement }: Policy = JSON.parse(iam.getRolePolicy(policy).policyDocument);
      const sid = Statement.map(({ Sid = "" }) => Sid).find((each) => each in TAKEN);
      return sid === undefined ? [] : [permissionFault(policy, sid, role)];
    });

  function permissionFault(
    policy: { roleName: string; policyName: string },
    sid: string,
    { id: node, name }: DiagramNode,
  ): FaultDefinition {
    const action = TAKEN[sid] ?? "";
    return {
      name: `deny-${action}`,
      title: `Take ${action} away`,
      explanation: `The statement ${sid} is gone from the policy of ${name}.`,
      node,
      switchOn(hit) {
        const { policyDocument: whole } = iam.getRolePolicy(policy);
        const parsed: Policy = JSON.parse(whole);
        const narrower = JSON.stringify({ ...parsed, Statement: parsed.Statement.filter(({ Sid }) => Sid !== sid) });
        iam.putRolePolicy({ ...policy, policyDocument: narrower });
        const unsubscribe = activity.subscribe(({ service, caller = "", error, detail = {} }) => {
          if (service !== "iam" || error === undefined) return;
          if (caller.includes(`/${name}/`) && String(detail.action).endsWith(`:${action}`)) hit();
        });
        return () => {
          unsubscribe();
          // Unless somebody has written another one meanwhile.
          if (iam.getRolePolicy(policy).policyDocument === narrower) {
            iam.putRolePolicy({ ...policy, policyDocument: whole });
          }
        };
      },
    };
  }
}
