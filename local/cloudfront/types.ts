// A distribution as the rest of the embedded AWS knows it.

import type { ApiService } from "../api/operation";

export interface Distribution {
  readonly id: string;
  readonly arn: string;
  /** As on AWS; nothing listens there. */
  readonly domainName: string;
  /** Where it listens on this machine, without a slash at the end. */
  readonly url: string;
}

export interface Cloudfront extends ApiService {
  /** Those that are there now, the oldest first. */
  readonly distributions: readonly Distribution[];
}
