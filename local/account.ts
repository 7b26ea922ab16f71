// The one AWS account and region that the embedded AWS emulates.

export interface Account {
  readonly accountId: string;
  readonly region: string;
  /** Where the services listen, such as `http://127.0.0.1:4566`; known once the edge listens. */
  endpoint: string;
}

/** The account of AWS's own documentation examples. */
export const DEFAULT_ACCOUNT_ID = "111122223333";

export const DEFAULT_REGION = "eu-west-1";
