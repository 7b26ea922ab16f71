// Sends what this process asks of https://api.tinify.com to a plain HTTP server on this machine, as the embedded AWS does
// for the functions it runs, so that tests can use the real TinyPNG client.

import http, { type RequestOptions } from "node:http";
import https from "node:https";

/** Sends every request for https://api.tinify.com to a port of this machine, until the returned function is called. */
export function carryTinify(port: number): () => void {
  const carried = jest.spyOn(https, "request").mockImplementation(((
    { method, path, headers, auth, hostname, signal }: RequestOptions,
    onResponse: () => void,
  ) => {
    if (hostname !== "api.tinify.com") throw new Error(`A test reached for ${hostname}`);
    return http.request({ method, path, headers: { ...headers, host: hostname }, auth, port, signal }, onResponse);
  }) as unknown as typeof https.request);
  return () => carried.mockRestore();
}
