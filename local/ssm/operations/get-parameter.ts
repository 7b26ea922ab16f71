// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html

import { operation } from "../../api/operation";
import { boolean, required, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import { describeValue, withoutVersion } from "../parameter";
import type { ParameterStore } from "../store";

export const getParameter = operation({
  name: "GetParameter",
  input: { Name: required(string), WithDecryption: boolean },
  resources: ({ Name }, store: ParameterStore) => [{ resource: store.arnOf(withoutVersion(Name)) }],
  run(store, { Name, WithDecryption = false }) {
    const parameter = store.find(Name);
    // As on AWS, whose response has no message here: who asked must say the name.
    if (parameter === undefined) throw new AwsError("ParameterNotFound", "");
    return { Parameter: describeValue(parameter, WithDecryption) };
  },
});
