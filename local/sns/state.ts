// What SNS keeps: topics with their attributes and tags, and subscriptions.

import type { Account } from "../account";
import { AwsError } from "../aws-error";

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Map<string, string>;
}

export interface SnsState {
  readonly account: Account;
  /** By ARN. */
  readonly topics: Map<string, Topic>;
  readonly subscriptions: Map<string, Subscription>;
}

export const arnOfTopic = ({ accountId, region }: Account, name: string): string =>
  `arn:aws:sns:${region}:${accountId}:${name}`;

export function topicOf({ topics }: SnsState, arn: string): Topic {
  const topic = topics.get(arn);
  if (topic !== undefined) return topic;
  throw new AwsError("NotFound", "Topic does not exist", 404);
}

/** The operations on a topic name it by its ARN. */
export const onTopic = ({ TopicArn }: { readonly TopicArn: string }) => [{ resource: TopicArn }];
