// Who may talk to the console: its own page, and nobody else's. Another site must not reach it through the user's
// browser, neither by a name that it points at this machine (DNS rebinding) nor by requests of its own (CSRF).

import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal";

/** The addresses under which the page may be opened. */
export const originsOf = (port: number): readonly string[] => [`http://127.0.0.1:${port}`, `http://localhost:${port}`];

/** Throws a Refusal unless the request is one of the page's own, or somebody opens the page. */
export function checkSender({ headers, method = "GET", url }: IncomingMessage, origins: readonly string[]): void {
  const host = `http://${headers.host}`;
  if (!origins.includes(host)) {
    throw new Refusal(403, `The console is served under ${origins.join(" and ")} only (given Host ${headers.host})`);
  }
  // Whoever opens the page from a link sends no Origin; its own requests come from where it was opened.
  const { origin } = headers;
  if (origin !== undefined && origin !== host) {
    throw new Refusal(403, `The console takes no requests from other sites (given Origin ${origin})`);
  }
  const site = headers["sec-fetch-site"];
  const isOpening = headers["sec-fetch-mode"] === "navigate" && method === "GET" && url === "/";
  if (site !== undefined && site !== "same-origin" && site !== "none" && !isOpening) {
    throw new Refusal(403, "The console takes no requests from other sites");
  }
  if (method === "GET" || method === "HEAD") return;
  // What changes something comes from a script of our own: no form and no simple request can send JSON with an Origin.
  if (origin === undefined) throw new Refusal(403, "A request that changes something must carry the page's Origin");
  const [type] = (headers["content-type"] ?? "").split(";");
  if (type?.trim().toLowerCase() !== "application/json") {
    throw new Refusal(415, `The content type must be application/json (given ${headers["content-type"] ?? "none"})`);
  }
}
