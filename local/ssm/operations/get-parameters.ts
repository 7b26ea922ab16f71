// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html

import { operation } from "../../api/operation";
import { boolean, list, required, string } from "../../api/shapes";
import { describeValue, withoutVersion } from "../parameter";
import { invalid, type ParameterStore } from "../store";

const MAX_NAMES = 10;

export const getParameters = operation({
  name: "GetParameters",
  input: { Names: required(list(string)), WithDecryption: boolean },
  resources({ Names }, store: ParameterStore) {
    if (Names.length === 0 || Names.length > MAX_NAMES) {
      throw invalid(`Names must have 1 to ${MAX_NAMES} elements (given ${Names.length})`);
    }
    return Names.map((name) => ({ resource: store.arnOf(withoutVersion(name)) }));
  },
  run: (store, { Names, WithDecryption = false }) => ({
    Parameters: Names.flatMap((name) => store.find(name) ?? []).map((each) => describeValue(each, WithDecryption)),
    InvalidParameters: Names.filter((name) => store.find(name) === undefined),
  }),
});
