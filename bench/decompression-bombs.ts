// Measures what the embedded AWS holds at most while 16 decompression bombs are sent to its TinyPNG at once: progressive
// JPEGs of 256 megapixels each. Run it with: node --import tsx bench/decompression-bombs.ts [colour]

import { request } from "node:http";
import { synthesize } from "../cli/synthesize";
import { startPipeline } from "../pipeline";
import { progressiveBomb } from "../test/local/tinify/pictures";
import { usageOfTree } from "./process-tree";

const BOMBS = 16;
const SIDE = 16_000;
const KEY = "the key";

/** Posts to the local TinyPNG; resolves with the status and where the output is. */
function post(endpoint: string, path: string, body: Buffer | string): Promise<{ status?: number; location?: string }> {
  return new Promise((resolve, reject) => {
    const headers = { host: "api.tinify.com" };
    request(`${endpoint}${path}`, { method: "POST", headers, auth: `api:${KEY}` }, (response) => {
      response.resume().on("end", () => resolve({ status: response.statusCode, location: response.headers.location }));
    })
      .on("error", reject)
      .end(body);
  });
}

async function main(): Promise<void> {
  const colour = process.argv[2] === "colour";
  const bomb = progressiveBomb(SIDE, SIDE, colour ? "4:2:0" : "grey");
  const pipeline = await startPipeline((await synthesize()).directory, 0, { tinypngKey: KEY });
  const { endpoint } = pipeline.aws.account;
  const peak = () => usageOfTree(process.pid).peakMegabytes.toFixed(0);
  try {
    console.log(`before: ${peak()} MB`);
    const statuses = await Promise.all(
      Array.from({ length: BOMBS }, async () => {
        const { status, location = "" } = await post(endpoint, "/shrink", bomb);
        if (status !== 201) return status;
        const options = JSON.stringify({ resize: { method: "fit", width: 150, height: 150 } });
        return (await post(endpoint, new URL(location).pathname, options)).status;
      }),
    );
    console.log(`after ${BOMBS}: ${peak()} MB at most (answers: ${statuses.join(" ")})`);
  } finally {
    await pipeline.close();
  }
}

void main();
