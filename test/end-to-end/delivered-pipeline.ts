// A pipeline whose thumbnails CloudFront delivers. Its bundles are those that are there: a test that starts it mocks
// ../../stack/bundle, since synthesis would make them again.

import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createProfileImages, type Thumbnail } from "../../operations/profile-images";
import { startPipeline } from "../../pipeline";
import { loadSampleProfiles } from "../../pipeline/sample-profiles";
import { synthesizeWith } from "../synthesize-with";

export interface ViewerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type DeliveredPipeline = Awaited<ReturnType<typeof startDeliveredPipeline>>;

/** @param environment settings besides `delivery`, as variables */
export async function startDeliveredPipeline(environment: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "delivery "));
  const variables = { PROFILE_IMAGE_DELIVERY: "cloudfront", ...environment };
  const pipeline = await startPipeline(await synthesizeWith(join(folder, "out"), variables), 0);
  await loadSampleProfiles(pipeline);
  const baseUrl = pipeline.thumbnailBaseUrl ?? "";

  return {
    pipeline,
    folder,
    stackDirectory: join(folder, "out", "stacks", "profile-image"),
    baseUrl,

    /** Asks as a viewer, with the path exactly as it is written; fetch would resolve its dots. */
    ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<ViewerAnswer> {
      const { hostname, port } = new URL(baseUrl);
      return new Promise((resolve, reject) => {
        request({ hostname, port, path, method, headers }, (answer) =>
          buffer(answer).then(
            (body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
            reject,
          ),
        )
          .on("error", reject)
          .end();
      });
    },

    /** Uploads a photo as an app does, and returns the thumbnail with its address. */
    async face(profileId: string, photo: Buffer): Promise<{ thumbnail: Thumbnail; address: string }> {
      const { bucket, table } = pipeline.names;
      const app = createProfileImages({ bucket, table, thumbnailBaseUrl: baseUrl, client: pipeline.client });
      try {
        const { url, headers } = await app.signUpload(profileId, { contentType: "image/jpeg", size: photo.length });
        await fetch(url, { method: "PUT", headers, body: new Uint8Array(photo) });
        await pipeline.aws.idle();
        const thumbnail = (await app.read(profileId))?.thumbnail;
        if (thumbnail === undefined) throw new Error(`profile ${profileId} has no thumbnail`);
        return { thumbnail, address: await app.urlOf(thumbnail) };
      } finally {
        app.close();
      }
    },

    async close(): Promise<void> {
      await pipeline.close();
      rmSync(folder, { recursive: true });
    },
  };
}
