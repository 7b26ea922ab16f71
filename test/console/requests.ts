// Talks to a console as browsers do, with the headers that fetch would not let a test choose, and follows its events.

import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import type { Update } from "../../console/types";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** After JSON.parse. */
  json(): ReturnType<typeof JSON.parse>;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Sends a request; without headers of its own it carries those of the page. */
export function send(origin: string, path: string, { method = "GET", headers, body }: Sent = {}): Promise<Answer> {
  const own = method === "GET" ? {} : { origin, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}${path}`, {
      method,
      headers: headers ?? own,
      setHost: headers?.host === undefined,
    });
    outgoing.on("error", reject).on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: () => JSON.parse(text) }),
      );
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Sends what no client would, maybe cut off there, and resolves with what came back until the connection ended. */
export const sendBytes = (origin: string, lines: readonly string[], body = "", isCut = false): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port, host } = new URL(origin);
    const socket = connect(Number(port), hostname);
    let text = "";
    socket.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
    socket.on("error", () => {}).on("close", () => resolve(text));
    socket.write([lines[0], `host: ${host}`, "connection: close", ...lines.slice(1), "", body].join("\r\n"));
    if (isCut) socket.end();
  });

export const post = (origin: string, path: string, body: unknown) => send(origin, path, { method: "POST", body });

/** An open page: what has been pushed to it so far. */
export interface Listener {
  /** Resolves with the first message, of all that came and will come, that something is true of. */
  until(isWanted: (update: Update) => boolean): Promise<Update>;
  readonly updates: readonly Update[];
  close(): void;
}

/** Listens as a page does; the test's own timeout is the deadline. */
export async function listen(origin: string, path = "/events"): Promise<Listener> {
  const updates: Update[] = [];
  const waiting: (() => void)[] = [];
  const stop = new AbortController();
  const response = await fetch(`${origin}${path}`, { signal: stop.signal });
  const read = async () => {
    let text = "";
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(part).toString("utf8");
      const messages = text.split("\n\n");
      text = messages.pop() ?? "";
      updates.push(...messages.map((message) => JSON.parse(message.replace("data: ", ""))));
      for (const wake of waiting.splice(0)) wake();
    }
  };
  read().catch(() => {}); // Closing it breaks it off.
  return {
    updates,
    close: () => stop.abort(),
    async until(isWanted) {
      for (let index = 0; ; index++) {
        while (updates.length <= index) await new Promise<void>((wake) => waiting.push(wake));
        const update = updates[index];
        if (update !== undefined && isWanted(update)) return update;
      }
    },
  };
}

/** Uploads as the page does: a form of the console's, posted to S3 from the page's origin. */
export async function upload(origin: string, profileId: string, name: string, photo: Uint8Array): Promise<string> {
  const request = { profileId, name, type: "image/jpeg", size: photo.byteLength };
  const answer = await post(origin, "/api/uploads", request);
  if (answer.status !== 200) throw new Error(answer.json().error);
  const { url, fields, key } = answer.json();
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, String(value));
  form.set("file", new Blob([Buffer.from(photo)]), name);
  const stored = await fetch(url, { method: "POST", body: form, headers: { origin } });
  if (!stored.ok) throw new Error(await stored.text());
  return key;
}
