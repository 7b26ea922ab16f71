// The topic that alarms are sent to, and by e-mail to whoever is on call. It is encrypted with a key of its own: CloudWatch
// may not use the one that AWS manages for SNS.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services

import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { policyDocument } from "./policy-document";

/** The shortest that KMS allows: nothing is kept under the key. */
const KEY_DELETION_DAYS = 7;

export interface AlarmTopicProps {
  readonly nameSuffix: string;
  readonly email: string;
  readonly accountId: string;
}

export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { nameSuffix, email, accountId }: AlarmTopicProps) {
    super(scope, id);
    const name = `profile-image-alarms${nameSuffix}`;
    const key = new KmsKey(this, "key", {
      description: name,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_DAYS,
      policy: policyDocument("alarm-key", { accountId }),
    });
    const topic = new SnsTopic(this, "topic", { name, kmsMasterKeyId: key.arn });
    this.arn = topic.arn;
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyDocument("alarm-topic", { topicArn: topic.arn, accountId }),
    });
    // AWS first asks for confirmation; alarms come once somebody has confirmed.
    new SnsTopicSubscription(this, "email", { topicArn: topic.arn, protocol: "email", endpoint: email });
  }
}
