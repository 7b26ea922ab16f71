// GetObjectLockConfiguration, PutObjectLockConfiguration:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html

import { AwsError } from "../../aws-error";
import { receiveDocument } from "../body/receive";
import { type Operation, sendEmpty, sendXml } from "../call";
import { malformedXml, missing } from "../errors";
import { element, onlyElements, parseXml, requiredText, text } from "../xml";
import { type LockConfiguration, MODES } from "./types";

/** 100 years. */
const MAX_DAYS = 36_500;
const MAX_YEARS = 100;

export const getObjectLockConfiguration: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketObjectLockConfiguration", bucket);
  if (bucket.objectLock === undefined) {
    const message = "Object Lock configuration does not exist for this bucket";
    throw missing("ObjectLockConfigurationNotFoundError", message, bucket.name);
  }
  const { defaultRetention: rule } = bucket.objectLock;
  sendXml(response, "ObjectLockConfiguration", {
    ObjectLockEnabled: "Enabled",
    Rule: rule && { DefaultRetention: { Mode: rule.mode, Days: rule.days, Years: rule.years } },
  });
};

export const putObjectLockConfiguration: Operation = async ({ access }, call) => {
  const { context, bucket, response } = call;
  access.authorize(context, "s3:PutBucketObjectLockConfiguration", bucket);
  const document = parseXml(await receiveDocument(call, "required"), "ObjectLockConfiguration");
  const configuration = readConfiguration(document);
  if (bucket.versioning !== "Enabled") {
    throw invalidBucketState("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
  }
  bucket.objectLock = configuration;
  sendEmpty(response);
};

function readConfiguration(document: Record<string, unknown>): LockConfiguration {
  onlyElements(document, "ObjectLockEnabled", "Rule");
  if (requiredText(document, "ObjectLockEnabled").trim() !== "Enabled") throw malformedXml();
  if (document.Rule === undefined) return {};
  const rule = element(document, "Rule");
  onlyElements(rule, "DefaultRetention");
  const retention = element(rule, "DefaultRetention");
  onlyElements(retention, "Mode", "Days", "Years");
  const mode = MODES.find((each) => each === requiredText(retention, "Mode").trim());
  if (mode === undefined || (retention.Days === undefined) === (retention.Years === undefined)) throw malformedXml();
  const [days, years] = [readPeriod(retention, "Days", MAX_DAYS), readPeriod(retention, "Years", MAX_YEARS)];
  return { defaultRetention: { mode, days, years } };
}

function readPeriod(retention: Record<string, unknown>, name: string, max: number): number | undefined {
  const value = text(retention, name)?.trim();
  if (value === undefined) return undefined;
  if (!/^-?\d+$/.test(value)) throw malformedXml();
  if (Number(value) >= 1 && Number(value) <= max) return Number(value);
  throw new AwsError("InvalidRetentionPeriod", `Default retention period must be between 1 and ${max} ${name}`, 400);
}

export const invalidBucketState = (message: string) => new AwsError("InvalidBucketState", message, 409);
