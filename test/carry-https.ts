// Sends what this process asks of https://api.tinify.com to a plain HTTP server on this machine, as the embedded AWS does
// for the functions it runs, so that tests can use the real TinyPNG client.

import http, { type RequestListener, type RequestOptions } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

export interface CarriedServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a server that gets every request for https://api.tinify.com until it is closed. */
export async function carryTinify(listener: RequestListener): Promise<CarriedServer> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const carried = jest.spyOn(https, "request").mockImplementation(((
    { method, path, headers, auth, hostname }: RequestOptions,
    onResponse: () => void,
  ) => {
    if (hostname !== "api.tinify.com") throw new Error(`A test reached for ${hostname}`);
    return http.request({ method, path, headers: { ...headers, host: hostname }, auth, port }, onResponse);
  }) as unknown as typeof https.request);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        carried.mockRestore();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
