// PutBucketCors, DeleteBucketCors: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html

import { operation } from "../../api/operation";
import { list, number, required, string, structure } from "../../api/shapes";
import { type Operation, type State, sendEmpty } from "../call";
import { malformedXml } from "../errors";
import { elements, onlyElements, parseXml, text, texts } from "../xml";
import { handlerOf } from "./configure";

const RULE = structure({
  ID: string,
  AllowedMethods: required(list(string)),
  AllowedOrigins: required(list(string)),
  AllowedHeaders: list(string),
  ExposeHeaders: list(string),
  MaxAgeSeconds: number,
});

export const putBucketCors = operation({
  name: "PutBucketCors",
  input: { Bucket: required(string), CORSConfiguration: required(structure({ CORSRules: required(list(RULE)) })) },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf("s3:PutBucketCORS", Bucket)],
  run({ configuration }, { Bucket, CORSConfiguration: { CORSRules } }): void {
    const rules = CORSRules.map((rule) => ({
      id: rule.ID,
      allowedMethods: rule.AllowedMethods,
      allowedOrigins: rule.AllowedOrigins,
      allowedHeaders: rule.AllowedHeaders,
      exposeHeaders: rule.ExposeHeaders,
      maxAgeSeconds: rule.MaxAgeSeconds,
    }));
    configuration.putBucketCors(Bucket, rules);
  },
});

export const handlePutBucketCors = handlerOf(putBucketCors, {
  read(document) {
    const configuration = parseXml(document, "CORSConfiguration");
    onlyElements(configuration, "CORSRule");
    return { CORSConfiguration: { CORSRules: elements(configuration, "CORSRule").map(readRule) } };
  },
});

export const deleteBucketCors: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:PutBucketCORS", bucket);
  bucket.cors = [];
  sendEmpty(response, 204);
};

function readRule(rule: Record<string, unknown>) {
  onlyElements(rule, "ID", "AllowedMethod", "AllowedOrigin", "AllowedHeader", "ExposeHeader", "MaxAgeSeconds");
  const seconds = text(rule, "MaxAgeSeconds");
  if (seconds !== undefined && !/^\d{1,9}$/.test(seconds)) throw malformedXml();
  return {
    ID: text(rule, "ID"),
    AllowedMethods: texts(rule, "AllowedMethod"),
    AllowedOrigins: texts(rule, "AllowedOrigin"),
    AllowedHeaders: texts(rule, "AllowedHeader"),
    ExposeHeaders: texts(rule, "ExposeHeader"),
    MaxAgeSeconds: seconds === undefined ? undefined : Number(seconds),
  };
}
