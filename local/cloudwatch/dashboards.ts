// Dashboards are kept and read back: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html

import { operation } from "../api/operation";
import { list, required, string } from "../api/shapes";
import { AwsError } from "../aws-error";
import type { CloudWatchState } from "./state";

const onDashboard = ({ DashboardName }: { readonly DashboardName: string }, { arnOfDashboard }: CloudWatchState) => [
  { resource: arnOfDashboard(DashboardName) },
];

export const putDashboard = operation({
  name: "PutDashboard",
  input: { DashboardName: required(string), DashboardBody: required(string) },
  resources: onDashboard,
  run({ dashboards }, { DashboardName, DashboardBody }) {
    if (!isJsonObject(DashboardBody)) {
      throw new AwsError("InvalidParameterInput", "The field DashboardBody must be a valid JSON object");
    }
    dashboards.set(DashboardName, DashboardBody);
    return { DashboardValidationMessages: [] };
  },
});

export const getDashboard = operation({
  name: "GetDashboard",
  input: { DashboardName: required(string) },
  resources: onDashboard,
  run(state, { DashboardName }) {
    const DashboardBody = bodyOf(state, DashboardName);
    return { DashboardArn: state.arnOfDashboard(DashboardName), DashboardBody, DashboardName };
  },
});

export const listDashboards = operation({
  name: "ListDashboards",
  input: { DashboardNamePrefix: string, NextToken: string },
  resources: () => [{ resource: "*" }],
  run: ({ dashboards, arnOfDashboard }: CloudWatchState, { DashboardNamePrefix = "" }) => ({
    DashboardEntries: [...dashboards]
      .filter(([name]) => name.startsWith(DashboardNamePrefix))
      .map(([DashboardName, body]) => ({
        DashboardName,
        DashboardArn: arnOfDashboard(DashboardName),
        Size: Buffer.byteLength(body),
      })),
  }),
});

export const deleteDashboards = operation({
  name: "DeleteDashboards",
  input: { DashboardNames: required(list(string)) },
  resources: ({ DashboardNames }, { arnOfDashboard }: CloudWatchState) =>
    DashboardNames.map((name) => ({ resource: arnOfDashboard(name) })),
  run(state, { DashboardNames }) {
    for (const name of DashboardNames) bodyOf(state, name);
    for (const name of DashboardNames) state.dashboards.delete(name);
    return {};
  },
});

function bodyOf({ dashboards }: CloudWatchState, name: string): string {
  const body = dashboards.get(name);
  if (body !== undefined) return body;
  throw new AwsError("ResourceNotFound", `Dashboard ${name} does not exist`, 404);
}

function isJsonObject(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
