// PutBucketCors, DeleteBucketCors: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html

import { receiveDocument } from "../body/receive";
import { answerEmpty, type Operation } from "../call";
import { malformedXml } from "../errors";
import { elements, onlyElements, parseXml, text, texts } from "../xml";
import type { CorsRule } from "./types";

export const putBucketCors: Operation = async ({ access, configuration }, call) => {
  const { context, bucket, response } = call;
  access.authorize(context, "s3:PutBucketCORS", bucket);
  const document = parseXml(await receiveDocument(call, "required"), "CORSConfiguration");
  onlyElements(document, "CORSRule");
  configuration.putBucketCors(bucket.name, elements(document, "CORSRule").map(ruleOf));
  answerEmpty(response);
};

export const deleteBucketCors: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:PutBucketCORS", bucket);
  bucket.cors = [];
  answerEmpty(response, 204);
};

function ruleOf(rule: Record<string, unknown>): CorsRule {
  onlyElements(rule, "ID", "AllowedMethod", "AllowedOrigin", "AllowedHeader", "ExposeHeader", "MaxAgeSeconds");
  const seconds = text(rule, "MaxAgeSeconds");
  if (seconds !== undefined && !/^\d{1,9}$/.test(seconds)) throw malformedXml();
  const id = text(rule, "ID");
  return {
    ...(id !== undefined && { id }),
    allowedMethods: texts(rule, "AllowedMethod"),
    allowedOrigins: texts(rule, "AllowedOrigin"),
    allowedHeaders: texts(rule, "AllowedHeader"),
    exposeHeaders: texts(rule, "ExposeHeader"),
    ...(seconds !== undefined && { maxAgeSeconds: Number(seconds) }),
  };
}
