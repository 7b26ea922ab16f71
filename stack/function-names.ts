// The functions of the pipeline. A function's name leads to all that belongs to it: functions/create-thumbnail.ts and
// policies/create-thumbnail.json for CreateThumbnail.

export const FUNCTION_NAMES = ["SetProfileImage", "CreateThumbnail"] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** The one that the setting `events` adds. */
export const REPORT_FAILURE = "ReportFailure";

export type AnyFunctionName = FunctionName | typeof REPORT_FAILURE;

/** `CreateThumbnail` → `create-thumbnail` */
export const fileNameOf = (name: AnyFunctionName): string =>
  name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
