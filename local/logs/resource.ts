// Which log group a request means, and how IAM names it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html

import { string } from "../api/shapes";
import { AwsError } from "../aws-error";
import type { LogGroup, LogStore } from "./store";

/** Members that name a group, by its name or its ARN. */
export const GROUP = { logGroupName: string, logGroupIdentifier: string };

interface Named {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
}

/** @throws AwsError when there is no such group */
export function groupOf(store: LogStore, { logGroupName, logGroupIdentifier }: Named): LogGroup {
  const name = logGroupName ?? (logGroupIdentifier && nameOfArn(logGroupIdentifier));
  const group = name === undefined ? undefined : store.group(name);
  if (group !== undefined) return group;
  throw new AwsError(
    "ResourceNotFoundException",
    `The specified log group does not exist: ${name ?? "(no logGroupName given)"}`,
  );
}

/** The name in a group's ARN, with or without `:*`; a name means itself. */
export const nameOfArn = (arn: string): string => arn.replace(/^arn:.*:log-group:/, "").replace(/:\*$/, "");

/** What IAM asks about a group and its streams, whether it is there or not. */
export const onGroup = (store: LogStore, name: string) => [{ resource: `${store.groupArn(name)}:log-stream:` }];

/** The same of the group that a request names. */
export const onGroupNamed = ({ logGroupName }: { readonly logGroupName: string }, store: LogStore) =>
  onGroup(store, logGroupName);
