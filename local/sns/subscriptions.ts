// Subscriptions are kept and read back. An e-mail address has to confirm its own, which nobody here can.
// https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html

import { randomUUID } from "node:crypto";
import { operation } from "../api/operation";
import { boolean, map, oneOf, required, string } from "../api/shapes";
import { AwsError } from "../aws-error";
import { onTopic, type SnsState, type Subscription, topicOf } from "./state";

const SUBSCRIPTION = { SubscriptionArn: required(string) };
/** https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html */
const ATTRIBUTES = [
  "DeliveryPolicy",
  "FilterPolicy",
  "FilterPolicyScope",
  "RawMessageDelivery",
  "RedrivePolicy",
  "ReplayPolicy",
  "SubscriptionRoleArn",
];
/** They want somebody's confirmation. */
const CONFIRMED_BY_PEOPLE = ["email", "email-json", "http", "https"];

export const subscribe = operation({
  name: "Subscribe",
  input: {
    TopicArn: required(string),
    Protocol: required(oneOf("email", "email-json", "sqs", "lambda", "http", "https")),
    Endpoint: required(string),
    Attributes: map(string),
    ReturnSubscriptionArn: boolean,
  },
  resources: onTopic,
  run(state: SnsState, { TopicArn, Protocol, Endpoint, Attributes = {}, ReturnSubscriptionArn = false }) {
    const { arn: topicArn } = topicOf(state, TopicArn);
    const unknown = Object.keys(Attributes).find((name) => !ATTRIBUTES.includes(name));
    if (unknown !== undefined) {
      const message = `Invalid parameter: Attributes may be ${ATTRIBUTES.join(", ")} (given "${unknown}")`;
      throw new AwsError("InvalidParameter", message);
    }
    const known = [...state.subscriptions.values()].find(
      (each) => each.topicArn === topicArn && each.protocol === Protocol && each.endpoint === Endpoint,
    );
    const isPending = CONFIRMED_BY_PEOPLE.includes(Protocol);
    const subscription: Subscription = known ?? {
      arn: `${topicArn}:${randomUUID()}`,
      topicArn,
      protocol: Protocol,
      endpoint: Endpoint,
      attributes: new Map([...Object.entries(Attributes), ["PendingConfirmation", String(isPending)]]),
    };
    state.subscriptions.set(subscription.arn, subscription);
    const isTold = ReturnSubscriptionArn || !isPending;
    return { SubscriptionArn: isTold ? subscription.arn : "pending confirmation" };
  },
});

export const getSubscriptionAttributes = operation({
  name: "GetSubscriptionAttributes",
  input: SUBSCRIPTION,
  resources: ({ SubscriptionArn }) => [{ resource: topicOfSubscription(SubscriptionArn) }],
  run(state: SnsState, { SubscriptionArn }) {
    const { topicArn, protocol, endpoint, attributes } = subscriptionOf(state, SubscriptionArn);
    return {
      Attributes: new Map([
        ["SubscriptionArn", SubscriptionArn],
        ["TopicArn", topicArn],
        ["Protocol", protocol],
        ["Endpoint", endpoint],
        ["Owner", state.account.accountId],
        ["ConfirmationWasAuthenticated", "false"],
        ["RawMessageDelivery", "false"],
        ...attributes,
      ]),
    };
  },
});

export const unsubscribe = operation({
  name: "Unsubscribe",
  input: SUBSCRIPTION,
  resources: ({ SubscriptionArn }) => [{ resource: topicOfSubscription(SubscriptionArn) }],
  run(state: SnsState, { SubscriptionArn }) {
    const subscription = state.subscriptions.get(SubscriptionArn);
    if (subscription?.attributes.get("PendingConfirmation") === "true") {
      const message = "Invalid parameter: Cannot unsubscribe a subscription that is pending confirmation";
      throw new AwsError("InvalidParameter", message);
    }
    state.subscriptions.delete(SubscriptionArn);
  },
});

export const listSubscriptionsByTopic = operation({
  name: "ListSubscriptionsByTopic",
  input: { TopicArn: required(string), NextToken: string },
  resources: onTopic,
  run(state: SnsState, { TopicArn }) {
    topicOf(state, TopicArn);
    return { Subscriptions: listed(state).filter((each) => each.TopicArn === TopicArn) };
  },
});

export const listSubscriptions = operation({
  name: "ListSubscriptions",
  input: { NextToken: string },
  resources: () => [{ resource: "*" }],
  run: (state: SnsState) => ({ Subscriptions: listed(state) }),
});

const listed = ({ account, subscriptions }: SnsState) =>
  [...subscriptions.values()].map(({ arn, topicArn, protocol, endpoint, attributes }) => ({
    SubscriptionArn: attributes.get("PendingConfirmation") === "true" ? "PendingConfirmation" : arn,
    Owner: account.accountId,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  }));

/** Which IAM decides on: a subscription's ARN is its topic's and an id. */
const topicOfSubscription = (arn: string): string => arn.split(":").slice(0, -1).join(":");

function subscriptionOf({ subscriptions }: SnsState, arn: string): Subscription {
  const found = subscriptions.get(arn);
  if (found !== undefined) return found;
  throw new AwsError("NotFound", "Subscription does not exist", 404);
}
