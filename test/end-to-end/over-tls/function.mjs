// CreateThumbnail's bundle in a process of its own, as Lambda runs it, but with real TLS to its TinyPNG: the embedded AWS
// carries these calls as plain HTTP. The parent sends events and gets what the handler returned, and the memory so far.

import { readFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";

const https = /** @type {typeof import("node:https")} */ (createRequire(import.meta.url)("node:https"));
const [bundle = "", tinypngPort, secret = ""] = process.argv.slice(2);

// Only where it connects to is changed, and that a shared secret stands for the certificate: the records of TLS are alike.
const request = https.request;
https.request = /** @type {typeof request} */ (
  (/** @type {import("node:https").RequestOptions} */ options, /** @type {any} */ callback) =>
    request(
      /** @type {import("node:https").RequestOptions} */ ({
        ...options,
        host: "127.0.0.1",
        hostname: "127.0.0.1",
        port: tinypngPort,
        ca: undefined,
        ciphers: "PSK",
        maxVersion: "TLSv1.2",
        checkServerIdentity: () => undefined,
        pskCallback: () => ({ identity: "function", psk: Buffer.from(secret, "hex") }),
      }),
      callback,
    )
);
syncBuiltinESMExports();

const { handler } = await import(bundle);
process.on("message", async (/** @type {{ event: unknown, remainingMs: number }} */ { event, remainingMs }) => {
  const result = await handler(event, { getRemainingTimeInMillis: () => remainingMs }).catch(String);
  process.send?.({ result, peakMegabytes: peakBytes() / 2 ** 20 });
});
process.send?.("ready");

/** As the kernel counts what is resident; Node's number, where there is no /proc, may still hold the parent's before its start. */
function peakBytes() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
  return Number(kilobytes) * 1024;
}
