// What the other services know of CloudWatch Logs.

import type { ApiService } from "../api/operation";
import type { Caller } from "../service";

export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

export interface Logs extends ApiService {
  /** Appends in a function's name: its role needs logs:CreateLogStream and logs:PutLogEvents, else the lines are lost as on AWS. */
  write(caller: Caller, logGroupName: string, logStreamName: string, events: readonly LogEvent[]): void;
}
