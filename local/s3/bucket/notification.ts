// PutBucketNotificationConfiguration:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html

import { randomUUID } from "node:crypto";
import { receiveDocument } from "../body/receive";
import { answerEmpty, type Operation } from "../call";
import { invalidArgument, malformedXml, operationNotImplemented } from "../errors";
import { element, elements, onlyElements, parseXml, requiredText, text, texts } from "../xml";
import type { LambdaFunctionConfiguration } from "./types";

const FOREIGN_TARGETS = ["TopicConfiguration", "QueueConfiguration", "EventBridgeConfiguration"];

export const putBucketNotificationConfiguration: Operation = async ({ access, configuration }, call) => {
  const { context, bucket, response } = call;
  access.authorize(context, "s3:PutBucketNotification", bucket);
  const document = parseXml(await receiveDocument(call, "of object"), "NotificationConfiguration");
  const foreign = FOREIGN_TARGETS.find((name) => document[name] !== undefined);
  if (foreign !== undefined) throw operationNotImplemented(`PutBucketNotificationConfiguration with ${foreign}`);
  onlyElements(document, "CloudFunctionConfiguration");
  configuration.putBucketNotificationConfiguration(
    bucket.name,
    elements(document, "CloudFunctionConfiguration").map(targetOf),
  );
  answerEmpty(response);
};

function targetOf(target: Record<string, unknown>): LambdaFunctionConfiguration {
  onlyElements(target, "Id", "CloudFunction", "Event", "Filter");
  return {
    id: text(target, "Id") ?? randomUUID(),
    lambdaFunctionArn: requiredText(target, "CloudFunction"),
    events: texts(target, "Event"),
    ...(target.Filter !== undefined && filterOf(element(target, "Filter"))),
  };
}

function filterOf(filter: Record<string, unknown>): Pick<LambdaFunctionConfiguration, "prefix" | "suffix"> {
  onlyElements(filter, "S3Key");
  const key = element(filter, "S3Key");
  onlyElements(key, "FilterRule");
  const found: { prefix?: string; suffix?: string } = {};
  for (const rule of elements(key, "FilterRule")) {
    onlyElements(rule, "Name", "Value");
    const name = requiredText(rule, "Name").toLowerCase();
    if (name !== "prefix" && name !== "suffix") {
      throw invalidArgument("filter rule name must be either prefix or suffix", "FilterRule.Name", name);
    }
    if (found[name] !== undefined) {
      throw invalidArgument(`Cannot specify more than one ${name} rule in a filter.`, "FilterRule.Name", name);
    }
    const value = text(rule, "Value");
    if (value === undefined) throw malformedXml();
    found[name] = value;
  }
  return found;
}
