// Refusals that are information: who asks whether something is there has not failed when it is not.

import { THUMBNAIL_PREFIX } from "../functions/lib/keys";
import type { Activity } from "../local/activity";

const LOOKS = ["HeadObject", "GetObject"];

/** What an expected refusal means, in a few words; undefined for what went well, and for what went wrong. */
export function meaningOf({ service, action, error, resource = "" }: Activity): string | undefined {
  if (service !== "s3" || error !== "NoSuchKey" || !LOOKS.includes(action)) return undefined;
  return resource.includes(`/${THUMBNAIL_PREFIX}`) ? "no thumbnail yet" : undefined;
}
