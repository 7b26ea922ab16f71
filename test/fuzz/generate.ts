// Which kind of request comes next.

import { lambdaRequest, targetRequest, tinifyRequest } from "./json-requests";
import type { Names } from "./names";
import { brokenHttp, rawNoise } from "./noise";
import type { Random } from "./random";
import type { FuzzRequest } from "./request";
import { anyS3Request, formUpload, framedUpload } from "./s3-requests";

const KINDS: readonly ((random: Random, names: Names) => FuzzRequest)[] = [
  anyS3Request,
  anyS3Request,
  framedUpload,
  formUpload,
  targetRequest,
  targetRequest,
  lambdaRequest,
  tinifyRequest,
  rawNoise,
  brokenHttp,
];

export const nextRequest = (random: Random, names: Names): FuzzRequest => random.pick(KINDS)(random, names);
