// What happens inside the embedded AWS, published as it happens: every API call with its caller and time, every
// notification, invocation and stream batch. The demo, the tests and the console listen; no service knows who does.

/** What a request asked for: its headers without secrets, and its JSON body where the edge publishes the service's bodies. */
export interface RequestSummary {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Cut, with an ellipsis at its end, when it is long. */
  readonly body?: string;
}

/** What was sent back, under the same rules. */
export interface ResponseSummary {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of a refusal. */
  readonly message?: string;
}

/** One thing that happened. */
export interface Activity {
  /** When it began: milliseconds since 1970, with fractions. */
  readonly at: number;
  /** How long it took, in milliseconds; absent for what has no duration. */
  readonly ms?: number;
  /** The service that did it, as in its ARN or endpoint: `s3`, `dynamodb`, `lambda`, `tinify`, `logs`, `ssm`, `events`, `iam`. */
  readonly service: string;
  /** AWS's name for it: `PutObject`, `UpdateItem`, `Invoke`, `Authorize`. */
  readonly action: string;
  /** The ARN or name of what it was done to. */
  readonly resource?: string;
  readonly requestId?: string;
  /** The X-Ray header of the request: what a function does for one event carries the header of that invocation. */
  readonly traceId?: string;
  /** The ARN of who asked, or `anonymous`. */
  readonly caller?: string;
  /** The error code when it was refused or failed. */
  readonly error?: string;
  /** Of requests to services whose requests are published. */
  readonly request?: RequestSummary;
  readonly response?: ResponseSummary;
  /** What else is worth showing; each action documents its own. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface ActivityStream {
  publish(activity: Activity): void;
  /** Calls the listener for every later activity, until the returned function is called. */
  subscribe(listener: (activity: Activity) => void): () => void;
}

/** Creates the stream that all services of one embedded AWS publish to. */
export function createActivityStream(): ActivityStream {
  const listeners = new Set<(activity: Activity) => void>();
  return {
    publish(activity) {
      for (const listener of listeners) listener(activity);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The present moment on the clock of {@link Activity.at}. */
export const now = (): number => performance.timeOrigin + performance.now();
