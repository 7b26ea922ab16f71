// How the AWS clients of the functions behave when AWS is slow: without these limits a call may hang until the
// function's own timeout, and a whole batch with it.

/** For every client: three attempts, each given up after ten seconds. */
export const CLIENT_CONFIGURATION = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    // Without this the SDK only warns: https://github.com/smithy-lang/smithy-typescript/pull/1576
    throwOnRequestTimeout: true,
    // The request's timeout ends with the response's headers; this one watches over its body.
    socketTimeout: 10_000,
  },
} as const;
