// The copies of thumbnails at CloudFront's edges, where the stack delivers by it or somebody's own distribution has the
// bucket as its origin: they are invalidated, since CloudFront keeps a thumbnail for up to a day after it is gone.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Invalidation.html

import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetInvalidationCommand,
  type GetInvalidationCommandInput,
  paginateListDistributions,
} from "@aws-sdk/client-cloudfront";
import { ORIGINAL_PREFIX, thumbnailKeysOf } from "../../functions/lib/keys";
import { UserError } from "../../stack/user-error";
import type { Deployment } from "../deployment";

/** One request to CloudFront, whose copies are gone. */
export interface Invalidated {
  readonly distributionId: string;
  readonly invalidationId: string;
  readonly paths: number;
}

/** That one request may have: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MOST_PATHS = 3000;

/** It takes about one minute; more than ten mean that CloudFront is in trouble. */
const LONGEST_WAIT_MS = 10 * 60_000;
const BETWEEN_LOOKS_MS = 2_000;

/**
 * The keys of thumbnails that CloudFront may have copies of: those that are there, and those of the photos that are;
 * none where nothing is delivered.
 */
export function deliveredKeys(
  { isDelivered, sizes }: Deployment,
  versions: readonly { readonly key: string }[],
): string[] {
  if (!isDelivered) return [];
  const keys = versions.flatMap(({ key }) => (key.startsWith(ORIGINAL_PREFIX) ? thumbnailKeysOf(key, sizes) : [key]));
  return [...new Set(keys)].sort();
}

/**
 * Invalidates thumbnails that are gone from the bucket, and waits until no edge has a copy of them.
 * @param stop ends the wait, and rejects, once it is aborted
 */
export async function invalidateThumbnails(
  { client: configuration, bucket }: Deployment,
  keys: readonly string[],
  stop: AbortSignal,
): Promise<Invalidated[]> {
  const client = new CloudFrontClient(configuration);
  const made: Invalidated[] = [];
  try {
    for (const DistributionId of await distributionsOf(client, bucket)) {
      for (let start = 0; start < keys.length; start += MOST_PATHS) {
        const Items = keys.slice(start, start + MOST_PATHS).map(pathOf);
        const InvalidationBatch = { Paths: { Quantity: Items.length, Items }, CallerReference: randomUUID() };
        const command = new CreateInvalidationCommand({ DistributionId, InvalidationBatch });
        const { Id } = (await client.send(command)).Invalidation ?? {};
        // One after another: CloudFront works on as many paths at a time as one request may have.
        await completion(client, { DistributionId, Id }, stop);
        made.push({ distributionId: DistributionId, invalidationId: Id ?? "", paths: Items.length });
      }
    }
    return made;
  } finally {
    client.destroy();
  }
}

/** Not the SDK's own waiter: it would go on for all that time where who calls is not allowed to ask. */
async function completion(client: CloudFrontClient, of: GetInvalidationCommandInput, stop: AbortSignal): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const { Invalidation } = await client.send(new GetInvalidationCommand(of), { abortSignal: stop });
    if (Invalidation?.Status === "Completed") return;
    if (Date.now() > deadline) {
      throw new UserError(
        `CloudFront has not completed the invalidation ${of.Id} of ${of.DistributionId} within ten minutes; repeat the command later`,
      );
    }
    await setTimeout(BETWEEN_LOOKS_MS, undefined, { signal: stop });
  }
}

async function distributionsOf(client: CloudFrontClient, bucket: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { DistributionList } of paginateListDistributions({ client }, {})) {
    for (const { Id, Origins } of DistributionList?.Items ?? []) {
      // `<bucket>.s3.<region>.amazonaws.com`, or without the region as of old.
      if (Id !== undefined && Origins?.Items?.some(({ DomainName }) => DomainName?.startsWith(`${bucket}.s3.`)))
        ids.push(Id);
    }
  }
  return ids;
}

/** As viewers ask for it. */
const pathOf = (key: string): string => `/${key.split("/").map(encodeURIComponent).join("/")}`;
