// The console: one page on a loopback port of its own that shows what the embedded AWS does with each photo. It opens
// before the stack is synthesized, so that the stack can allow uploads from it, and shows a pipeline once that runs.

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Pipeline } from "../pipeline";
import { bundlePage } from "./document";
import { originsOf } from "./guard";
import type { Journal } from "./journal";
import { createServer, type Routes } from "./server";
import type { View } from "./view";

const HOST = "127.0.0.1";

/** What becomes of photos, as it happens. */
export type PhotoNews = Pick<Journal, "onChange" | "photo">;

export interface Console {
  /** Such as `http://127.0.0.1:4567`. */
  readonly url: string;
  /** Those from which its page uploads. */
  readonly origins: readonly string[];
  /** Shows a running pipeline, which was applied from that directory, or a later version of its stack; resolves with what it learns of its photos. */
  show(pipeline: Pipeline, stackDirectory: string): Promise<PhotoNews>;
  /** Takes back every fault that is switched on, as before the stack changes under them. */
  takeBackFaults(): void;
  close(): Promise<void>;
}

export interface ConsoleOptions {
  /** Taken when it is free, and any free one otherwise; 0 is any free one. */
  readonly port: number;
  /** Told of errors that are bugs of the console; without it they go to the console of this process. */
  readonly onBug?: (error: unknown) => void;
}

/** Opens the console; it returns 503 until it has something to show. */
export async function createConsole({ port, onBug = console.error }: ConsoleOptions): Promise<Console> {
  const files = bundlePage();
  files.catch(() => {}); // Whoever awaits it is told.
  let origins: readonly string[] = [];
  let routes: Routes | undefined;
  let view: View | undefined;
  let journal: Journal | undefined;
  const server = createServer({ origins: () => origins, routes: () => routes, onBug });
  const actualPort = await listen(server, port);
  origins = originsOf(actualPort);
  const [url = ""] = origins;
  return {
    url,
    origins,
    async show(pipeline, stackDirectory) {
      // Loaded only now: what it takes, AWS's clients above all, would hold up the synthesis.
      const { createView }: typeof import("./view") = require("./view");
      const { createJournal }: typeof import("./journal") = require("./journal");
      // One for all versions of the stack: photos from before keep their way.
      journal ??= createJournal({ activity: pipeline.aws.activity, ...pipeline.names });
      const next = await createView({ pipeline, stackDirectory, journal, files: await files, origins, onBug });
      const before = view;
      view = next;
      routes = next.routes;
      await before?.close();
      return journal;
    },
    takeBackFaults: () => view?.takeBackFaults(),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const ended = view?.close();
      server.closeAllConnections();
      journal?.close();
      await Promise.all([closed, ended]);
      await files.catch(() => {});
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  const isListening = await tryListen(server, port);
  if (!isListening) await tryListen(server, 0);
  return (server.address() as AddressInfo).port;
}

/** Resolves to false when the port is taken, or not for us. */
function tryListen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      if (port !== 0 && (error.code === "EADDRINUSE" || error.code === "EACCES")) resolve(false);
      else reject(error);
    };
    server.once("error", onError);
    server.listen(port, HOST, () => {
      server.off("error", onError);
      resolve(true);
    });
  });
}
