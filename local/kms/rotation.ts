// Whether a key rotates: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html

import { operation } from "../api/operation";
import { number, required, string } from "../api/shapes";
import { AwsError } from "../aws-error";
import { changeableKeyOf, type KmsState, keyOf, onKey } from "./state";

const KEY = { KeyId: required(string) };
const YEAR_DAYS = 365;
const DAYS = { min: 90, max: 2560 };

export const enableKeyRotation = operation({
  name: "EnableKeyRotation",
  input: { ...KEY, RotationPeriodInDays: number },
  resources: onKey,
  run(state: KmsState, { KeyId, RotationPeriodInDays: days = YEAR_DAYS }) {
    if (!Number.isInteger(days) || days < DAYS.min || days > DAYS.max) {
      const message = `RotationPeriodInDays must be ${DAYS.min} to ${DAYS.max} (given ${days})`;
      throw new AwsError("ValidationException", message);
    }
    changeableKeyOf(state, KeyId).rotationDays = days;
  },
});

export const disableKeyRotation = operation({
  name: "DisableKeyRotation",
  input: KEY,
  resources: onKey,
  run(state: KmsState, { KeyId }) {
    changeableKeyOf(state, KeyId).rotationDays = undefined;
  },
});

export const getKeyRotationStatus = operation({
  name: "GetKeyRotationStatus",
  input: KEY,
  resources: onKey,
  run(state: KmsState, { KeyId }) {
    const { arn, rotationDays } = keyOf(state, KeyId);
    return { KeyId: arn, KeyRotationEnabled: rotationDays !== undefined, RotationPeriodInDays: rotationDays };
  },
});
