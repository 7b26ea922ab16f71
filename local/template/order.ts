// The order in which resources are applied. Terraform orders by references and depends_on only and runs the rest in
// parallel, so what a stack forgets to order may come in any order. We take the worst one: what others rely on without
// saying so (permissions, role policies) comes as late as the graph allows. A missing dependency fails here each time,
// not once in a while on AWS.

import { type Reference, referencesOf } from "./expressions";
import type { Block } from "./read-stack";
import { StackError } from "./stack-error";

/** Resource types that others need in place before they work, although nothing in Terraform makes them wait. */
const LATE_TYPES = new Set([
  "aws_lambda_permission",
  "aws_iam_role_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_ownership_controls",
  "aws_cloudwatch_log_group",
]);

/** Sorts blocks so that each follows all that it refers to or depends on; throws a StackError for unknown addresses and cycles. */
export function applyOrder(blocks: readonly Block[]): Block[] {
  const waiting = new Map(blocks.map((block) => [block.address, { block, needs: needsOf(block, blocks) }]));
  const ordered: Block[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ needs }) => needs.every((address) => !waiting.has(address)));
    const next = ready.find(({ block }) => !LATE_TYPES.has(block.type)) ?? ready[0];
    if (next === undefined)
      throw new StackError(`These resources depend on each other in a circle: ${[...waiting.keys()].join(", ")}`);
    waiting.delete(next.block.address);
    ordered.push(next.block);
  }
  return ordered;
}

function needsOf(block: Block, blocks: readonly Block[]): string[] {
  const referred = referencesOf(block.body)
    .filter(({ address }: Reference) => !address.startsWith("var."))
    .map(({ address }) => address);
  const dependsOn = Array.isArray(block.body.depends_on) ? block.body.depends_on.map(String) : [];
  return [...referred, ...dependsOn].map((address) => {
    if (!blocks.some((other) => other.address === address)) {
      throw new StackError(`${block.address} refers to ${address}, which the stack does not have`);
    }
    return address;
  });
}
