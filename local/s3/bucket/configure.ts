// Operations that set something of a bucket: of a request, whose document becomes their input, or called from within.

import type { Operation as ApiOperation } from "../../api/operation";
import type { InputOf, Members } from "../../api/shapes";
import { receiveDocument } from "../body/receive";
import { type Operation, type State, sendEmpty } from "../call";

type Configuring<M extends Members> = ApiOperation<State, M, void>;

interface OfRequests<M extends Members> {
  /** Makes the input, but for the bucket's name. */
  readonly read: (document: string) => Omit<InputOf<M>, "Bucket">;
  /** The status of success. @default 200 */
  readonly status?: number;
  /** Whether a request must have a checksum of its document. @default "required" */
  readonly checksum?: "required" | "of object";
}

/** The handler of requests for an operation. */
export const handlerOf =
  <M extends Members>(operation: Configuring<M>, { read, status, checksum = "required" }: OfRequests<M>): Operation =>
  async (state, call) => {
    const { bucket, context, response } = call;
    const named = { Bucket: bucket.name } as unknown as InputOf<M>;
    for (const { action = operation.name } of operation.resources(named, state)) {
      state.access.authorize(context, action, bucket);
    }
    const input = { ...named, ...read(await receiveDocument(call, checksum)) };
    await operation.run(state, input, context);
    sendEmpty(response, status);
  };
