// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html

import { operation } from "../../api/operation";
import { required, string } from "../../api/shapes";
import { AwsError } from "../../aws-error";
import type { ParameterStore } from "../store";

export const deleteParameter = operation({
  name: "DeleteParameter",
  input: { Name: required(string) },
  resources: ({ Name }, store: ParameterStore) => [{ resource: store.arnOf(Name) }],
  run(store, { Name }) {
    if (!store.remove(Name)) throw new AwsError("ParameterNotFound", "");
    return {};
  },
});
