// Topics are kept and read back; nothing is published here.
// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html

import { operation } from "../api/operation";
import { list, map, required, string, structure } from "../api/shapes";
import { AwsError } from "../aws-error";
import { arnOfTopic, onTopic, type SnsState, type Topic, topicOf } from "./state";

const NAME = /^[A-Za-z0-9_-]{1,256}$/;
/** What a topic of this kind may be set to: https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html */
const ATTRIBUTES = ["DeliveryPolicy", "DisplayName", "KmsMasterKeyId", "Policy", "SignatureVersion", "TracingConfig"];
/** And how deliveries are logged: https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html */
const FEEDBACK = /^(Application|Firehose|HTTP|Lambda|SQS)(SuccessFeedback(RoleArn|SampleRate)|FailureFeedbackRoleArn)$/;
const TOPIC = { TopicArn: required(string) };

export const createTopic = operation({
  name: "CreateTopic",
  input: {
    Name: required(string),
    Attributes: map(string),
    Tags: list(structure({ Key: required(string), Value: required(string) })),
  },
  resources: ({ Name }, { account }: SnsState) => [{ resource: arnOfTopic(account, Name) }],
  run({ account, topics }, { Name, Attributes = {}, Tags = [] }) {
    if (!NAME.test(Name)) throw invalid(`Topic Name must match ${NAME.source} (given "${Name}")`);
    const arn = arnOfTopic(account, Name);
    const topic = topics.get(arn) ?? {
      arn,
      name: Name,
      attributes: new Map<string, string>(),
      tags: new Map(Tags.map(({ Key, Value }) => [Key, Value])),
    };
    for (const [name, value] of Object.entries(Attributes)) setAttribute(topic, name, value);
    topics.set(arn, topic);
    return { TopicArn: arn };
  },
});

export const setTopicAttributes = operation({
  name: "SetTopicAttributes",
  input: { ...TOPIC, AttributeName: required(string), AttributeValue: string },
  resources: onTopic,
  run(state: SnsState, { TopicArn, AttributeName, AttributeValue = "" }) {
    setAttribute(topicOf(state, TopicArn), AttributeName, AttributeValue);
  },
});

export const getTopicAttributes = operation({
  name: "GetTopicAttributes",
  input: TOPIC,
  resources: onTopic,
  run(state: SnsState, { TopicArn }) {
    const { attributes } = topicOf(state, TopicArn);
    const { accountId } = state.account;
    const subscribed = [...state.subscriptions.values()].filter((each) => each.topicArn === TopicArn);
    const pending = subscribed.filter((each) => each.attributes.get("PendingConfirmation") === "true").length;
    return {
      Attributes: new Map([
        ["TopicArn", TopicArn],
        ["Owner", accountId],
        ["Policy", defaultPolicy(TopicArn, accountId)],
        ["DisplayName", ""],
        ["SubscriptionsPending", String(pending)],
        ["SubscriptionsConfirmed", String(subscribed.length - pending)],
        ["SubscriptionsDeleted", "0"],
        ...[...attributes].filter(([, value]) => value !== ""),
      ]),
    };
  },
});

export const deleteTopic = operation({
  name: "DeleteTopic",
  input: TOPIC,
  resources: onTopic,
  // As on AWS, also when there is none.
  run({ topics, subscriptions }: SnsState, { TopicArn }) {
    topics.delete(TopicArn);
    for (const { arn, topicArn } of subscriptions.values()) if (topicArn === TopicArn) subscriptions.delete(arn);
  },
});

export const listTopics = operation({
  name: "ListTopics",
  input: { NextToken: string },
  resources: () => [{ resource: "*" }],
  run: ({ topics }: SnsState) => ({ Topics: [...topics.keys()].map((TopicArn) => ({ TopicArn })) }),
});

function setAttribute({ attributes }: Topic, name: string, value: string): void {
  if (!ATTRIBUTES.includes(name) && !FEEDBACK.test(name)) {
    throw invalid(`Invalid parameter: AttributeName must be one of ${ATTRIBUTES.join(", ")} (given "${name}")`);
  }
  if (name.endsWith("Policy") && value !== "") {
    try {
      JSON.parse(value);
    } catch {
      throw invalid(`Invalid parameter: ${name} is not JSON`);
    }
  }
  attributes.set(name, value);
}

/** What AWS gives a new topic: its owner may do everything with it. */
const defaultPolicy = (topicArn: string, accountId: string): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: topicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": accountId } },
      },
    ],
  });

const invalid = (message: string) => new AwsError("InvalidParameter", message);
