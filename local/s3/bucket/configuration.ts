// The configuration of buckets, as Terraform's provider makes it; every value that this S3 does not know is refused.

import type { Account } from "../../account";
import { AwsError } from "../../aws-error";
import { isPublicPolicy } from "../../iam";
import type { Iam } from "../../iam/types";
import { isOwnersAlone } from "../acl/types";
import { accessDenied, aclWithOwnership, invalidArgument } from "../errors";
import { SSE_ALGORITHMS } from "../objects/encryption";
import type { Store } from "../store/store";
import type { NotificationTarget } from "../types";
import { checkCorsRules } from "./cors";
import { checkNotificationConfigurations, notInvocable } from "./notification-configuration";
import type { Configuration } from "./types";

const OWNERSHIPS = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME =
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$(?<!-s3alias|--ol-s3)/;

export function checkOwnership(objectOwnership: string): void {
  if (OWNERSHIPS.includes(objectOwnership)) return;
  throw invalidArgument(`ObjectOwnership must be one of ${OWNERSHIPS}`, "ObjectOwnership", objectOwnership);
}

export function createBucketConfiguration(options: {
  account: Account;
  iam: Iam;
  store: Store;
  notifications: NotificationTarget;
}): Configuration {
  const { account, iam, store, notifications } = options;

  /** S3 has a word of its own for what IAM finds wrong. */
  function parsePolicy(policy: string) {
    try {
      return iam.parsePolicy(policy, "resource");
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== "MalformedPolicyDocument") throw error;
      throw new AwsError("MalformedPolicy", error.message, 400);
    }
  }

  return {
    createBucket({ bucket, owner }) {
      if (!BUCKET_NAME.test(bucket)) {
        throw new AwsError("InvalidBucketName", "The specified bucket is not valid.", 400, { BucketName: bucket });
      }
      return { arn: store.createBucket(bucket, owner).arn };
    },

    putPublicAccessBlock(bucket, block) {
      store.bucket(bucket).publicAccessBlock = block;
    },

    putBucketOwnershipControls(bucket, objectOwnership) {
      checkOwnership(objectOwnership);
      const found = store.bucket(bucket);
      const isPrivate = found.grants === undefined || isOwnersAlone(found.grants, found.owner);
      if (objectOwnership === "BucketOwnerEnforced" && !isPrivate) throw aclWithOwnership();
      found.objectOwnership = objectOwnership;
    },

    putBucketEncryption(bucket, sseAlgorithm) {
      if (!SSE_ALGORITHMS.includes(sseAlgorithm)) {
        const message = `The embedded S3 knows the encryptions ${SSE_ALGORITHMS.join(" and ")} (given ${sseAlgorithm})`;
        throw new AwsError("NotImplemented", message, 501);
      }
      store.bucket(bucket).sseAlgorithm = sseAlgorithm;
    },

    putBucketVersioning(bucket, status) {
      store.bucket(bucket).versioning = status;
    },

    putBucketCors(bucket, rules) {
      store.bucket(bucket).cors = checkCorsRules(rules);
    },

    putBucketPolicy(name, policy) {
      const bucket = store.bucket(name);
      const document = parsePolicy(policy);
      if (bucket.publicAccessBlock?.blockPublicPolicy && isPublicPolicy(document)) {
        throw accessDenied(
          `User: arn:aws:iam::${account.accountId}:root is not authorized to perform: s3:PutBucketPolicy on resource: "${bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
        );
      }
      bucket.policy = document;
    },

    putBucketNotificationConfiguration(name, configurations) {
      const bucket = store.bucket(name);
      const checked = checkNotificationConfigurations(configurations);
      const source = { sourceArn: bucket.arn, sourceAccount: account.accountId };
      const refused = checked.find(({ lambdaFunctionArn }) => !notifications.mayInvoke(lambdaFunctionArn, source));
      if (refused !== undefined) throw notInvocable(refused.lambdaFunctionArn);
      bucket.notifications = checked;
    },
  };
}
