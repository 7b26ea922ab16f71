// PutObject: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html

import { receiveContent, requireChecksum } from "../body/receive";
import { type Operation, sendEmpty } from "../call";
import {
  authorizeWrite,
  checkWriteConditions,
  checkWriteHeaders,
  commitObject,
  describeWritten,
  readDescription,
} from "./write-object";

export const putObject: Operation = async (state, call) => {
  checkWriteHeaders(call);
  const description = readDescription(state, call);
  authorizeWrite(state, call, description);
  checkWriteConditions(call);
  if (description.retention !== undefined || description.legalHold !== undefined) requireChecksum(call);
  const { content, md5, checksum } = await receiveContent(call, state.contents);
  const stored = commitObject(
    state,
    call,
    { ...description, key: call.key, content, etag: md5, checksum: { ...checksum, type: "FULL_OBJECT" } },
    "Put",
  );
  describeWritten(call, stored);
  sendEmpty(call.response);
};
