// What is known of parameters without their values.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html

import { operation } from "../../api/operation";
import { pageByToken } from "../../api/pages";
import { count, list, oneOf, required, string, structure } from "../../api/shapes";
import type { Parameter, ParameterStore } from "../store";

const MAX_RESULTS = 50;

export const describeParameters = operation({
  name: "DescribeParameters",
  input: {
    ParameterFilters: list(
      structure({ Key: required(oneOf("Name", "Type")), Option: oneOf("Equals", "BeginsWith"), Values: list(string) }),
    ),
    MaxResults: count,
    NextToken: string,
  },
  resources: () => [{ resource: "*" }],
  run(store: ParameterStore, { ParameterFilters = [], MaxResults = MAX_RESULTS, NextToken }) {
    const isMeant = ({ name, type }: Parameter) =>
      ParameterFilters.every(({ Key, Option, Values = [] }) => {
        const value = Key === "Name" ? name : type;
        return Values.some((each) => (Option === "BeginsWith" ? value.startsWith(each) : value === each));
      });
    const page = pageByToken(store.list().filter(isMeant), ({ name }) => name, MaxResults, NextToken);
    return { Parameters: page.items.map(describe), NextToken: page.nextToken };
  },
});

const describe = ({ name, arn, type, version, lastModified, description }: Parameter) => ({
  Name: name,
  ARN: arn,
  Type: type,
  ...(type === "SecureString" && { KeyId: "alias/aws/ssm" }),
  LastModifiedDate: new Date(lastModified),
  LastModifiedUser: undefined,
  Description: description,
  Version: version,
  Tier: "Standard",
  Policies: [],
  DataType: "text",
});
