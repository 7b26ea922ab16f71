// Says what an activity is about in a few words, for one line of the timeline.

import type { Activity } from "../local/activity";
import { eventIn } from "./event-sent";
import { bytes } from "./page/format";

/** What it was done to, without the parts of an ARN that are the same everywhere. */
export function subjectOf({ service: by, resource = "" }: Activity): string {
  if (by === "tinify") return ""; // Its picture has no name but a random one.
  const [, , service, , , ...rest] = resource.split(":");
  const name = rest.join(":");
  if (service === "s3") return name.slice(name.indexOf("/") + 1);
  if (service === "lambda") return name.replace(/^function:/, "");
  if (service === "events") return `the ${name.replace("event-bus/", "")} event bus`;
  if (service === "ssm") return name.replace(/^parameter/, "");
  if (service !== "dynamodb") return resource;
  const [, table = "", isStream] = name.split("/");
  return isStream === undefined ? table : `stream of ${table}`;
}

/** What it is called; what failed before its service had seen it is named by its path. */
export function operationOf({ service, action, request }: Activity): string {
  if (service !== "tinify" || request === undefined || action !== request.method) return action;
  if (request.path === "/shrink") return "Shrink";
  return action === "POST" ? "Result" : "GetResult";
}

/** The worthwhile part of an activity's detail. */
export function notesOf({ action, detail = {}, request }: Activity): string[] {
  const text = (name: string) => (detail[name] === undefined ? "" : String(detail[name]));
  const number = (name: string) => Number(detail[name]);
  switch (action) {
    case "Notify":
      return [text("eventName")];
    case "StreamAppend":
      return Array.isArray(detail.events) ? [detail.events.join(", ")] : [];
    case "Shrink":
      return detail.width === undefined ? [] : [`${text("width")}×${text("height")}`, bytes(number("inputBytes"))];
    case "Result":
    case "GetResult":
      return detail.width === undefined ? [] : [`${text("width")}×${text("height")}`, bytes(number("outputBytes"))];
    case "PutEvents":
      return [eventIn(request)?.type ?? ""].filter(Boolean);
    case "Invoke":
      return [
        detail.cold === true ? `cold start ${milliseconds(number("initMs"))}` : "warm",
        `ran ${milliseconds(number("durationMs"))}`,
        `${text("maxMemoryMb")} MB`,
      ];
    case "AsyncRetry":
      return detail.waitSeconds === undefined
        ? []
        : [`tried again after ${text("waitSeconds")} s, which pass faster here`];
    case "StreamBatch":
      return [`attempt ${text("attempt")}`];
    case "AsyncDiscard":
    case "StreamBatchDiscarded":
      return [text("condition")];
    default:
      return [];
  }
}

const milliseconds = (ms: number): string => `${Math.round(ms)} ms`;
