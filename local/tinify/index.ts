// TinyPNG's HTTP API, emulated with sharp: POST /shrink, then GET or POST /output/<id>. The functions' unmodified TinyPNG
// client reaches it under the host name api.tinify.com. https://tinypng.com/developers/reference

import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestContext, Service } from "../service";
import { authorize } from "./authorize";
import { createOutputStore } from "./output-store";
import { compress, convert, readPicture } from "./picture";
import { readResultOptions } from "./result-options";
import { tinifyError } from "./tinify-error";

export interface TinifyOptions {
  /** The one key that is accepted. */
  readonly apiKey: string;
}

export interface Tinify extends Service {
  /** Accepts this key from now on, and no longer the one before. */
  acceptKey(apiKey: string): void;
}

const ORIGIN = "https://api.tinify.com";

/** Creates the TinyPNG of one embedded AWS. */
export function createTinify(options: TinifyOptions): Tinify {
  let { apiKey } = options;
  const outputs = createOutputStore();
  /** What the account is billed for, this month and here: one for each shrink, one for each resize, one for each conversion. */
  let compressionCount = 0;

  async function handleShrink(response: ServerResponse, context: RequestContext): Promise<void> {
    const { body } = context;
    context.describe("Shrink", undefined, { inputBytes: body.length });
    if (body.length === 0) throw tinifyError(400, "InputMissing", "File is empty");
    if (body[0] === "{".charCodeAt(0)) {
      throw tinifyError(400, "BadSignature", "The embedded TinyPNG takes image bytes, no JSON with a source URL");
    }
    const picture = await readPicture(body);
    compressionCount += 1;
    const id = outputs.add(picture);
    const { type, width, height } = picture;
    context.describe("Shrink", id, { inputBytes: body.length, type, width, height });
    const location = `${ORIGIN}/output/${id}`;
    // TinyPNG compresses now and adds the output's size and ratio. Its client reads neither, and a resized output needs
    // no compressed original.
    const report = { input: { size: body.length, type }, output: { type, width, height, url: location } };
    sendJson(response, 201, report, { location, "compression-count": compressionCount });
  }

  async function handleOutput(
    request: IncomingMessage,
    response: ServerResponse,
    context: RequestContext,
    id: string,
  ): Promise<void> {
    const action = request.method === "POST" ? "Result" : "GetResult";
    context.describe(action, id);
    const picture = outputs.get(id);
    if (picture === undefined) throw tinifyError(404, "Not found", "Resource not found or expired.");
    const options = request.method === "POST" ? readResultOptions(context.body) : {};
    const isWanted = () => !response.destroyed;
    const result = await (Object.keys(options).length === 0
      ? compress(picture, isWanted)
      : convert(picture, options, isWanted));
    if (options.resize !== undefined) compressionCount += 1;
    if (options.type !== undefined) compressionCount += 1;
    const { type, width, height, bytes } = result;
    context.describe(action, id, { outputBytes: bytes.length, type, width, height });
    response.writeHead(200, {
      "content-type": result.type,
      "content-length": result.bytes.length,
      "image-width": result.width,
      "image-height": result.height,
      "compression-count": compressionCount,
    });
    response.end(result.bytes);
  }

  return {
    // Before the body: a photo of somebody without the key is not taken into memory.
    admit: (request) => authorize(request.headers.authorization, apiKey),

    async handle(request, response, context) {
      const [, output] = /^\/output\/([a-z0-9]+)$/.exec(context.path) ?? [];
      const { method = "" } = request;
      if (context.path === "/shrink" && method === "POST") return handleShrink(response, context);
      if (output !== undefined && (method === "GET" || method === "POST")) {
        return handleOutput(request, response, context, output);
      }
      throw tinifyError(404, "Not found", `This endpoint does not exist: ${method} ${context.path}`);
    },

    acceptKey(newKey) {
      apiKey = newKey;
    },

    refuse: (error, _request, response) =>
      sendJson(response, error.status, { error: error.code, message: error.message }),

    close: async () => outputs.clear(),
  };
}

function sendJson(
  response: ServerResponse,
  status: number,
  content: unknown,
  headers: Record<string, string | number> = {},
): void {
  const body = JSON.stringify(content);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
