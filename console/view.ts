// What the console shows of one pipeline: puts its parts together and says which address gives what.

import { randomUUID } from "node:crypto";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { readStack } from "../local/template/read-stack";
import type { Pipeline } from "../pipeline";
import { pipelineDeployment } from "../pipeline/deployment";
import { createChaos } from "./chaos";
import { createDiagram } from "./diagram";
import { contentSecurityPolicy, type PageFiles, renderDocument } from "./document";
import { createFailures } from "./failures";
import { createFaultSwitches } from "./fault-switches";
import { faultsOf } from "./faults";
import type { Journal } from "./journal";
import { createLive } from "./live";
import { createNodeDetails } from "./node-details";
import { createPictures } from "./pictures";
import { createProfiles } from "./profiles";
import { Refusal } from "./refusal";
import { readSample, SAMPLES } from "./samples";
import type { Request, Routes } from "./server";
import { FAILURES_SHOWN, LARGEST_PAGE, PHOTOS_SHOWN, PROFILES_SHOWN } from "./sizes";
import { createStepDetails } from "./step-details";
import { createThumbnailSettings } from "./thumbnail-settings";
import { createTravel } from "./travel";
import type { FirstState } from "./types";
import { createUploads, findUploadProblem, uploadSuffixesOf } from "./uploads";

export interface ViewOptions {
  readonly pipeline: Pipeline;
  readonly stackDirectory: string;
  /** Of the pipeline; it goes on without the view. */
  readonly journal: Journal;
  readonly files: PageFiles;
  readonly origins: readonly string[];
  readonly onBug: (error: unknown) => void;
}

export interface View {
  readonly routes: Routes;
  takeBackFaults(): void;
  close(): Promise<void>;
}

export async function createView(options: ViewOptions): Promise<View> {
  const { pipeline, stackDirectory, files, origins, onBug } = options;
  const { aws, names, client, s3, dynamodb, profileIds } = pipeline;
  const { activity, account } = aws;
  const { bucket, failuresBucket, table } = names;
  const lambda = new LambdaClient(client);
  const logs = new CloudWatchLogsClient(client);

  const server = randomUUID();
  const { journal, leave } = listeningTo(options.journal);
  const profiles = await createProfiles({
    activity,
    dynamodb,
    s3,
    table,
    profileIds,
    bucket,
    latestPhotoOf: journal.latestOf,
    onBug,
  });
  const [, createThumbnail = ""] = names.functions;
  const thumbnail = createThumbnailSettings({ lambda, functionName: createThumbnail, activity });
  const failures = createFailures(await pipelineDeployment(pipeline, lambda), journal);
  const stack = readStack(stackDirectory);
  const diagram = createDiagram(stack, account.accountId);
  const faults = createFaultSwitches(faultsOf({ aws, stack, diagram, names }));
  const travel = createTravel(journal, diagram);
  const chaos = createChaos(stackDirectory);
  const live = createLive({
    server,
    activity,
    failuresBucket,
    journal,
    travel,
    profiles,
    failures,
    faults,
    thumbnail,
    chaos,
    onBug,
  });
  const pictures = createPictures({ s3, bucket, profiles });
  const signUpload = createUploads({ s3, bucket, profiles, suffixes: uploadSuffixesOf(stack) });
  const detailsOf = createStepDetails(logs, account);
  const nodeDetailsOf = createNodeDetails({ stack, diagram, logs, journal, travel, recentEvents: aws.events.recent });
  const problems = await Promise.all(origins.map((origin) => findUploadProblem(account.endpoint, bucket, origin)));

  async function firstState(): Promise<FirstState> {
    const photos = journal.photos(0, PHOTOS_SHOWN);
    const [newest] = photos.items;
    return {
      server,
      endpoint: account.endpoint,
      region: account.region,
      bucket,
      failuresBucket,
      uploadProblem: problems.find((problem) => problem !== undefined),
      profiles: profiles.page(0, PROFILES_SHOWN),
      photos,
      timeline: newest && journal.timeline(newest.id),
      failures: await failures.page(0, FAILURES_SHOWN),
      faults: faults.list(),
      thumbnail: await thumbnail.get(),
      samples: SAMPLES,
      chaos: chaos.current(),
      diagram,
      work: travel.work(),
    };
  }

  const routes: Routes = {
    async "GET /"({ response }) {
      await profiles.settle();
      response.setHeader("content-security-policy", contentSecurityPolicy(account.endpoint, files));
      send(response, "text/html; charset=utf-8", Buffer.from(renderDocument(await firstState(), files)));
    },
    "GET /page.js": ({ response }) => send(response, "text/javascript; charset=utf-8", files.script),
    "GET /icon.svg": ({ response }) => send(response, "image/svg+xml", files.icon),
    "GET /samples/*": async ({ parts: [name = ""], response }) => send(response, "image/jpeg", await readSample(name)),
    "GET /events": ({ response, query }) => live.connect(response, query.get("photo") ?? undefined),
    "GET /pictures/*": pictures,
    async "GET /api/profiles"({ query }) {
      await profiles.settle();
      return profiles.page(...pageOf(query, PROFILES_SHOWN), query.get("find") ?? undefined);
    },
    "GET /api/photos": ({ query }) => journal.photos(...pageOf(query, PHOTOS_SHOWN)),
    "GET /api/photos/*": ({ parts: [id = ""] }) => journal.timeline(id) ?? notFound(`photo ${id}`),
    "GET /api/photos/*/steps/*": ({ parts: [photoId = "", stepId = ""] }) =>
      detailsOf(journal.step(photoId, stepId) ?? notFound(`step ${stepId} of photo ${photoId}`)),
    "GET /api/nodes/*": ({ parts: [id = ""] }) => nodeDetailsOf(id),
    "GET /api/failures": ({ query }) => failures.page(...pageOf(query, FAILURES_SHOWN)),
    "POST /api/uploads": ({ body }) => signUpload(body),
    "POST /api/redrives": ({ body }) => failures.redrive(body),
    "POST /api/thumbnail": ({ body }) => thumbnail.set(body),
    "POST /api/redrives/all": () => failures.redriveAll(),
    "POST /api/discards": ({ body }) => failures.discard(body),
    "POST /api/discards/all": ({ body }) => failures.discardAll(body),
    "POST /api/faults": ({ body }) => faults.set(body),
    "POST /api/chaos": () => chaos.start(),
  };

  return {
    routes,
    takeBackFaults: faults.close,
    async close() {
      faults.close();
      thumbnail.close();
      live.close();
      profiles.close();
      leave();
      lambda.destroy();
      logs.destroy();
      await chaos.close();
    },
  };
}

/** A journal whose listeners all leave at once. */
function listeningTo(journal: Journal): { journal: Journal; leave(): void } {
  const listening: (() => void)[] = [];
  const noted = (unsubscribe: () => void) => {
    listening.push(unsubscribe);
    return unsubscribe;
  };
  return {
    journal: {
      ...journal,
      onStep: (listener) => noted(journal.onStep(listener)),
      onChange: (listener) => noted(journal.onChange(listener)),
    },
    leave() {
      for (const unsubscribe of listening) unsubscribe();
    },
  };
}

function notFound(what: string): never {
  throw new Refusal(404, `The console does not know ${what} (any more)`);
}

function pageOf(query: URLSearchParams, defaultLimit: number): [offset: number, limit: number] {
  const number = (name: string, byDefault: number, most: number): number => {
    const text = query.get(name) ?? String(byDefault);
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= most) return value;
    throw new Refusal(400, `${name} must be a whole number up to ${most} (given ${text})`);
  };
  return [number("offset", 0, 1_000_000), number("limit", defaultLimit, LARGEST_PAGE)];
}

function send(response: Request["response"], type: string, content: Uint8Array): void {
  response.writeHead(200, {
    "content-type": type,
    "content-length": content.byteLength,
    "cache-control": "no-cache",
  });
  response.end(content);
}
