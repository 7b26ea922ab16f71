// TinyPNG's own client, but for the way that its requests travel. The client's own can neither be ended nor be told of a
// connection that breaks within a response, and it gives TLS a photo in one piece: encrypted as a whole, it lies in memory
// twice until the network has taken it. Key, endpoint and errors stay the client's.

import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import https, { type RequestOptions } from "node:https";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import tinify from "tinify";

export interface TinypngResponse {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the package's types leave out. */
interface Client {
  readonly userAgent: string;
  readonly defaultOptions: RequestOptions;
}
interface ClientClass {
  new (key: string): Client;
  readonly API_ENDPOINT: string;
  readonly RETRY_COUNT: number;
  readonly RETRY_DELAY: number;
}
interface ErrorClass {
  create(message: string, type: string, status: number): Error;
}

const TinifyClient = tinify.Client as unknown as ClientClass;
const TinifyError = tinify.Error as unknown as ErrorClass;

/** What TLS encrypts at a time: the most that is held of a photo beside itself. */
const PIECE_BYTES = 65_536;

/** Posts to TinyPNG: a photo to `/shrink`, options to the location that comes back. */
export type Post = (path: string, body: Buffer | object) => Promise<TinypngResponse>;

export interface TinypngClientOptions {
  readonly key: string;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** The largest response: one without an end could fill the memory. */
  readonly maxResponseBytes: number;
}

/** Makes the client of one photo; once a promise of it has settled, nothing holds the photo any more. */
export function createTinypngClient({ key, signal, maxResponseBytes }: TinypngClientOptions): Post {
  const { userAgent, defaultOptions } = new TinifyClient(key);

  async function post(path: string, body: Buffer | object): Promise<IncomingMessage & { content: Buffer }> {
    const { hostname, pathname, search } = new URL(path, TinifyClient.API_ENDPOINT);
    const isPhoto = Buffer.isBuffer(body);
    const bytes = isPhoto ? body : Buffer.from(JSON.stringify(body));
    const headers = {
      "User-Agent": userAgent,
      "Content-Length": bytes.length,
      ...(!isPhoto && { "Content-Type": "application/json" }),
    };
    const target = { method: "post", hostname, path: `${pathname}${search}`, headers };
    const request = https.request({ ...defaultOptions, ...target, signal });
    // Listened to for as long as it lives: what breaks after the response does not matter.
    request.on("error", () => {});
    try {
      Readable.from(inPieces(bytes)).pipe(request);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return Object.assign(response, { content: await readResponse(response, maxResponseBytes) });
    } finally {
      // A response may come before all of the photo has been sent, such as an error.
      if (!request.writableFinished) request.destroy();
    }
  }

  return async (path, body) => {
    for (let retries = TinifyClient.RETRY_COUNT; ; retries -= 1) {
      const response = await post(path, body).catch((error: Error) => {
        if (retries > 0) return undefined;
        throw new tinify.ConnectionError(`Error while connecting: ${error.message}`);
      });
      const status = response?.statusCode ?? 0;
      if (response !== undefined && status >= 200 && status <= 299) {
        return { headers: response.headers, body: response.content };
      }
      if (response !== undefined && (retries === 0 || status < 500)) throw refusal(status, response.content);
      await setTimeout(TinifyClient.RETRY_DELAY, undefined, { signal });
    }
  };
}

function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES);
}

/** Rejects when the connection breaks before the end. */
async function readResponse(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new Error(`the response has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** In the package's words; a proxy before TinyPNG responds with a page. */
function refusal(status: number, body: Buffer): Error {
  try {
    const { message, error } = JSON.parse(body.toString());
    return TinifyError.create(message, error, status);
  } catch (error) {
    return TinifyError.create(`Error while parsing response: ${(error as Error).message}`, "ParseError", status);
  }
}
