// What keeps versions from being deleted: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html

export const MODES = ["GOVERNANCE", "COMPLIANCE"] as const;
export type RetentionMode = (typeof MODES)[number];

export interface Retention {
  readonly mode: RetentionMode;
  /** ISO 8601. */
  readonly retainUntil: string;
}

/** What a new object is kept by; a hold has no end. */
export interface Lock {
  readonly retention?: Retention;
  readonly legalHold?: boolean;
}

/** A bucket's: what new objects get when their writers say nothing. */
export interface LockConfiguration {
  readonly defaultRetention?: { readonly mode: RetentionMode; readonly days?: number; readonly years?: number };
}
