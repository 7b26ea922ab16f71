// PutBucketNotificationConfiguration:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html

import { randomUUID } from "node:crypto";
import { operation } from "../../api/operation";
import { list, required, string, structure } from "../../api/shapes";
import type { State } from "../call";
import { invalidArgument, operationNotImplemented } from "../errors";
import { element, elements, onlyElements, parseXml, requiredText, text, texts } from "../xml";
import { handlerOf } from "./configure";
import type { LambdaFunctionConfiguration } from "./types";

const FOREIGN_TARGETS = ["TopicConfiguration", "QueueConfiguration", "EventBridgeConfiguration"];

const FILTER = structure({
  Key: structure({ FilterRules: list(structure({ Name: required(string), Value: required(string) })) }),
});
const TARGET = structure({
  Id: string,
  LambdaFunctionArn: required(string),
  Events: required(list(string)),
  Filter: FILTER,
});
type FilterRules = readonly { readonly Name: string; readonly Value: string }[];

export const putBucketNotificationConfiguration = operation({
  name: "PutBucketNotificationConfiguration",
  input: {
    Bucket: required(string),
    NotificationConfiguration: required(structure({ LambdaFunctionConfigurations: list(TARGET) })),
  },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf("s3:PutBucketNotification", Bucket)],
  run({ configuration }, { Bucket, NotificationConfiguration: { LambdaFunctionConfigurations: targets = [] } }): void {
    const configurations = targets.map((target) => ({
      id: target.Id ?? randomUUID(),
      lambdaFunctionArn: target.LambdaFunctionArn,
      events: target.Events,
      ...filterOf(target.Filter?.Key?.FilterRules ?? []),
    }));
    configuration.putBucketNotificationConfiguration(Bucket, configurations);
  },
});

export const handlePutBucketNotificationConfiguration = handlerOf(putBucketNotificationConfiguration, {
  checksum: "of object",
  read(document) {
    const configuration = parseXml(document, "NotificationConfiguration");
    const foreign = FOREIGN_TARGETS.find((name) => configuration[name] !== undefined);
    if (foreign !== undefined) throw operationNotImplemented(`PutBucketNotificationConfiguration with ${foreign}`);
    onlyElements(configuration, "CloudFunctionConfiguration");
    const targets = elements(configuration, "CloudFunctionConfiguration").map(readTarget);
    return { NotificationConfiguration: { LambdaFunctionConfigurations: targets } };
  },
});

function readTarget(target: Record<string, unknown>) {
  onlyElements(target, "Id", "CloudFunction", "Event", "Filter");
  return {
    Id: text(target, "Id"),
    LambdaFunctionArn: requiredText(target, "CloudFunction"),
    Events: texts(target, "Event"),
    Filter:
      target.Filter === undefined ? undefined : { Key: { FilterRules: readFilterRules(element(target, "Filter")) } },
  };
}

function readFilterRules(filter: Record<string, unknown>): FilterRules {
  onlyElements(filter, "S3Key");
  const key = element(filter, "S3Key");
  onlyElements(key, "FilterRule");
  return elements(key, "FilterRule").map((rule) => {
    onlyElements(rule, "Name", "Value");
    return { Name: requiredText(rule, "Name"), Value: requiredText(rule, "Value") };
  });
}

function filterOf(rules: FilterRules): Pick<LambdaFunctionConfiguration, "prefix" | "suffix"> {
  const found: { prefix?: string; suffix?: string } = {};
  for (const rule of rules) {
    const name = rule.Name.toLowerCase();
    if (name !== "prefix" && name !== "suffix") {
      throw invalidArgument("filter rule name must be either prefix or suffix", "FilterRule.Name", name);
    }
    if (found[name] !== undefined) {
      throw invalidArgument(`Cannot specify more than one ${name} rule in a filter.`, "FilterRule.Name", name);
    }
    found[name] = rule.Value;
  }
  return found;
}
