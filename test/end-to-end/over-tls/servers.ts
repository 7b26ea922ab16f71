// What CreateThumbnail talks to in measurements of its memory: an S3 of large photos that takes no room itself, and a
// TinyPNG over TLS that is slow or hangs.

import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo, Server } from "node:net";
import { setTimeout } from "node:timers/promises";

const CHUNK = Buffer.alloc(65_536);

async function listen(server: Server): Promise<{ port: number; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      (server as https.Server).closeAllConnections();
    });
  return { port, close };
}

/** S3 with photos of one size under every key, no thumbnails yet, and Parameter Store besides. */
export function startS3(photoBytes: number) {
  const stored: string[] = [];
  const server = createServer(async (request, response) => {
    const { method, url = "" } = request;
    const { pathname } = new URL(url, "http://s3");
    if (method === "POST") return void response.end(JSON.stringify({ Parameter: { Value: "the key" } }));
    if (method === "HEAD") return void response.writeHead(404).end();
    if (method === "PUT") {
      for await (const _chunk of request);
      stored.push(pathname);
      return void response.writeHead(200, { etag: '"stored"' }).end();
    }
    response.writeHead(200, { "content-length": photoBytes, etag: '"photo"' });
    for (let sent = 0; sent < photoBytes && !response.destroyed; sent += CHUNK.length) {
      if (response.write(CHUNK.subarray(0, Math.min(CHUNK.length, photoBytes - sent)))) continue;
      await new Promise<void>((resolve) => {
        const go = () => {
          response.off("drain", go).off("close", go);
          resolve();
        };
        response.on("drain", go).on("close", go);
      });
    }
    response.end();
  });
  return listen(server).then((listening) => ({ ...listening, stored }));
}

/** How TinyPNG takes photos: bytes of each in a second; 0 takes nothing and never answers. */
export type Pace = number;

/** TinyPNG; `thumbnail` is its answer. */
export async function startTinypng(pace: Pace, thumbnail: Buffer) {
  const secret = randomBytes(32);
  const hanging = new Set<IncomingMessage>();
  const uploads = { begun: 0, broken: 0 };
  let bytesPerSecond = pace;
  let onUpload = () => {};

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on("error", () => {});
    if (request.url !== "/shrink") return void response.writeHead(200, { "content-type": "image/jpeg" }).end(thumbnail);
    uploads.begun += 1;
    request.once("close", () => {
      if (!request.complete) uploads.broken += 1;
    });
    if (bytesPerSecond === 0) {
      hanging.add(request.pause());
      return onUpload();
    }
    try {
      for await (const chunk of request) {
        if (Number.isFinite(bytesPerSecond)) await setTimeout((1000 * (chunk as Buffer).length) / bytesPerSecond);
      }
      response.writeHead(201, { location: "https://api.tinify.com/output/1" }).end("{}");
    } catch {
      // The function has given up.
    }
  }

  const psk = { ciphers: "PSK", maxVersion: "TLSv1.2", pskCallback: () => secret } as const;
  const server = https.createServer(psk, (request, response) => void answer(request, response));
  return {
    ...(await listen(server)),
    secret: secret.toString("hex"),
    uploads,
    /** Resolves when so many uploads hang. */
    hang: (count: number) =>
      new Promise<void>((resolve) => {
        onUpload = () => {
          if (hanging.size >= count) resolve();
        };
        onUpload();
      }),
    /** Cuts off what hangs, and takes everything quickly from now on. */
    recover(): void {
      bytesPerSecond = Number.POSITIVE_INFINITY;
      for (const request of hanging) request.destroy();
    },
  };
}
