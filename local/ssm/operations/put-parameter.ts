// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html

import { operation } from "../../api/operation";
import { boolean, list, oneOf, only, required, string, structure } from "../../api/shapes";
import type { ParameterStore } from "../store";
import { PARAMETER_TYPES } from "../types";

export const putParameter = operation({
  name: "PutParameter",
  input: {
    Name: required(string),
    Value: required(string),
    Type: oneOf(...PARAMETER_TYPES),
    Overwrite: boolean,
    Description: string,
    KeyId: only("alias/aws/ssm"),
    Tier: only("Standard"),
    DataType: only("text", ""),
    // Terraform's provider sends the empty one.
    AllowedPattern: only(""),
    Tags: list(structure({ Key: required(string), Value: required(string) })),
  },
  resources: ({ Name }, store: ParameterStore) => [{ resource: store.arnOf(Name) }],
  run(store, { Name, Value, Type, Overwrite, Description, Tags = [] }) {
    const tags = Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value]));
    const { version } = store.put({
      name: Name,
      value: Value,
      type: Type,
      overwrite: Overwrite,
      description: Description,
      tags,
    });
    return { Version: version, Tier: "Standard" };
  },
});
