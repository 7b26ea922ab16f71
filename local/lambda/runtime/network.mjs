// What a function of the embedded AWS can reach: this machine's loopback, where the embedded services listen. A call to
// a carried host, such as api.tinify.com, goes to the embedded AWS as plain HTTP; every other connection is refused
// with an error that names the host, so that no test run ever touches the real world.

import { createRequire, syncBuiltinESMExports } from "node:module";

// The objects themselves, not their ES module views: only changing these changes what everyone sees.
const require = createRequire(import.meta.url);
const http = /** @type {typeof import("node:http")} */ (require("node:http"));
const https = /** @type {typeof import("node:https")} */ (require("node:https"));
const net = /** @type {typeof import("node:net")} */ (require("node:net"));

const dgram = /** @type {typeof import("node:dgram")} */ (require("node:dgram"));

const LOOPBACK = "127.0.0.1";

/**
 * @param {{ endpoint: string, carriedHosts: readonly string[] }} settings
 */
export function confineNetwork({ endpoint, carriedHosts }) {
  /** @param {string} host */
  const refusalOf = (host) => {
    const reach = ["itself", ...carriedHosts.map((name) => `https://${name}`)].join(" and ");
    const refusal = new Error(`The embedded AWS lets functions reach only ${reach}, not ${host}`);
    return Object.assign(refusal, { code: "ECONNREFUSED", hostname: host });
  };
  confineConnections(refusalOf);
  confineDatagrams(refusalOf);
  carryHttps(new URL(endpoint), new Set(carriedHosts));
  syncBuiltinESMExports();
}

/** @param {(host: string) => Error} refusalOf */
function confineConnections(refusalOf) {
  const connect = net.Socket.prototype.connect;
  /**
   * @this {import("node:net").Socket}
   * @param {any[]} args
   */
  net.Socket.prototype.connect = function (...args) {
    // net.connect has normalized them already into [options, callback], in an array of its own.
    const [first, second] = Array.isArray(args[0]) ? args[0] : args;
    const options = typeof first === "object" && first !== null ? first : { port: first, host: second };
    const host = options.host ?? "localhost";
    if (typeof options.path === "string" || isLoopbackAddress(host)) return Reflect.apply(connect, this, args);
    if (!isLocalhostName(host)) {
      process.nextTick(() => this.destroy(refusalOf(host)));
      return this;
    }
    // Names below localhost, as virtual-host style S3 uses them, do not resolve on every machine.
    const callback =
      args.find((arg) => typeof arg === "function") ?? (typeof second === "function" ? second : undefined);
    return Reflect.apply(connect, this, [{ ...options, host: LOOPBACK }, ...(callback ? [callback] : [])]);
  };
}

/**
 * A UDP socket asks its own look-up for every address that it sends or connects to, also for one in numbers.
 * @param {(host: string) => Error} refusalOf
 */
function confineDatagrams(refusalOf) {
  const { createSocket } = dgram;
  /**
   * @param {string} host
   * @param {number} family
   * @param {(error: Error | null, address?: string, family?: number) => void} callback
   */
  const lookup = (host, family, callback) => {
    const isAddress = isLoopbackAddress(host) || isUnspecified(host);
    const own = family === 6 ? "::1" : LOOPBACK;
    // Never at once: a socket's listeners are added after its call.
    if (isAddress || isLocalhostName(host)) process.nextTick(callback, null, isAddress ? host : own, family);
    else process.nextTick(callback, refusalOf(host));
  };
  dgram.createSocket = /** @type {typeof dgram.createSocket} */ (
    (/** @type {any} */ type, /** @type {any} */ listener) =>
      createSocket({ ...(typeof type === "string" ? { type } : type), lookup }, listener)
  );
}

/**
 * @param {URL} edge
 * @param {ReadonlySet<string>} carriedHosts
 */
function carryHttps(edge, carriedHosts) {
  const request = https.request;
  /** @param {any[]} args */
  const carriedRequest = (...args) => {
    const { options, callback } = toOptions(args);
    const host = String(options.hostname ?? options.host ?? "").toLowerCase();
    if (!carriedHosts.has(host)) return Reflect.apply(request, https, args);
    // TLS ends here, so its options (certificate authorities, agents of https) mean nothing any more.
    const { agent, ca, href, ...others } = options;
    return http.request(
      {
        ...others,
        protocol: "http:",
        hostname: edge.hostname,
        host: edge.hostname,
        port: edge.port,
        setHost: false,
        headers: { ...others.headers, host, ...traceHeader() },
      },
      callback,
    );
  };
  https.request = /** @type {typeof https.request} */ (carriedRequest);
  https.get = /** @type {typeof https.get} */ (
    (/** @type {any[]} */ ...args) => {
      const outgoing = carriedRequest(...args);
      outgoing.end();
      return outgoing;
    }
  );
}

/** The trace of the current invocation, which AWS's SDK sends too; it tells the embedded AWS which invocation made the call. */
function traceHeader() {
  const { _X_AMZN_TRACE_ID: traceId } = process.env;
  return traceId ? { "x-amzn-trace-id": traceId } : {};
}

/**
 * https.request takes (url, options, callback) with any of the first two left out.
 * @param {any[]} args
 */
function toOptions(args) {
  const [first, ...others] = args;
  const callback = args.find((arg) => typeof arg === "function");
  const given = typeof others[0] === "object" ? others[0] : {};
  if (typeof first !== "string" && !(first instanceof URL)) return { options: first, callback };
  const url = new URL(first);
  const fromUrl = {
    hostname: url.hostname,
    path: `${url.pathname}${url.search}`,
    ...(url.username !== "" && { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
  };
  return { options: { ...fromUrl, ...given }, callback };
}

/** @param {string} host */
const isLoopbackAddress = (host) => /^127(\.\d{1,3}){3}$/.test(host) || host === "::1" || host === "[::1]";

/** What a socket is bound to that listens on every address of this machine. @param {string} host */
const isUnspecified = (host) => host === "0.0.0.0" || host === "::";

/** @param {string} host */
const isLocalhostName = (host) => /(^|\.)localhost\.?$/i.test(host);
