// What an opened step shows: its request and response, what IAM decided, what was logged, and how to ask it again.

import type { ComponentChildren } from "preact";
import type { StepDetails } from "../types";
import { Copy } from "./copy";
import { readableLine } from "./log-line";

export function Details({ event, detail, request, response, command, log, decisions }: StepDetails) {
  const isEmpty = [event, detail, request].every((each) => each === undefined) && log.length + decisions.length === 0;
  return (
    <div class="details">
      {isEmpty && <p>Nothing more is known about this step.</p>}
      {decisions.length > 0 && (
        <Part title="IAM decided">
          <ul class="decisions">
            {decisions.map(({ action, resource, decision, reason }) => (
              <li key={action + resource} class={decision === "Allow" ? "allowed" : "denied"}>
                <b>{decision}</b> <code>{action}</code> on <code>{resource}</code>, {reason}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {request !== undefined && (
        <div class="exchange">
          <Part title="Request">
            <pre>
              {[`${request.method} ${decoded(request.path)}`, ...lines(request.headers, request.body)].join("\n")}
            </pre>
          </Part>
          {response !== undefined && (
            <Part title="Response">
              <pre>
                {[
                  `${response.status} ${response.message ?? ""}`.trim(),
                  ...lines(response.headers, response.body),
                ].join("\n")}
              </pre>
            </Part>
          )}
        </div>
      )}
      {log.length > 0 && (
        <Part title="Log">
          <pre>{log.map(readableLine).join("\n")}</pre>
        </Part>
      )}
      {event !== undefined && (
        <Part title="Event">
          <pre>{JSON.stringify(event, undefined, 2)}</pre>
        </Part>
      )}
      {detail !== undefined && event === undefined && (
        <Part title="Activity">
          <pre>{JSON.stringify(detail, undefined, 2)}</pre>
        </Part>
      )}
      {command !== undefined && <Copy text={command}>Copy as AWS CLI</Copy>}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

const lines = (headers: Readonly<Record<string, string>>, body: string | undefined): string[] => [
  ...Object.entries(headers)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}: ${value}`),
  ...(body === undefined ? [] : ["", indented(body)]),
];

/** Read better on several lines, where it has not been cut. */
function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
