// `npm start`: the embedded AWS with the pipeline applied, until Ctrl-C.

import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type { Pipeline } from "../pipeline";
import { checkPort, DEFAULT_PORT } from "../pipeline/port";
import { readContext } from "../stack/context";
import { PROJECT_ROOT } from "../stack/project-root";
import { readSettings } from "../stack/settings";
import { UserError } from "../stack/user-error";
import { followChanges } from "./follow-changes";
import { loadPipeline } from "./load-pipeline";
import { print, printJson } from "./print";
import { loadGradually, stopped, userStop } from "./stop";
import { type LocalStack, synthesize } from "./synthesize";
import { type Watch, watchSources } from "./watch";
import { welcome } from "./welcome";

/** What shows the pipeline once it runs. */
const SHOWING: readonly (() => unknown)[] = [
  () => require("../console/journal"),
  () => require("../console/view"),
  () => require("./photo-lines"),
];

interface StartOptions {
  readonly port: number;
  readonly stack?: string;
  readonly empty?: boolean;
  readonly data?: string;
  readonly watch?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

export const startCommand = (): Command =>
  new Command("start")
    .description("Run the embedded AWS with the pipeline applied, until Ctrl-C.")
    .option("--port <number>", "loopback port of all services; 0 takes a free one", parsePort, DEFAULT_PORT)
    .option("--stack <directory>", "an already synthesized stack (default: synthesize this project's)")
    .option("--empty", "start an account without the stack, for clients that create what they need")
    .option("--data <directory>", "keep objects, items and what is on its way there, for the next start")
    .option("--watch", "apply each change of cdktf.json, functions/, policies/ and stack/ to what runs")
    .option("--verbose", "show each resource that is kept but not played here")
    .option("--json", "print one line of JSON when ready")
    .action(start);

function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) throw new InvalidArgumentError("It must be a number from 0 to 65535.");
  return port;
}

async function start(options: StartOptions): Promise<void> {
  const stop = userStop({ isTheEnd: true });
  try {
    await run(options, stop);
  } catch (error) {
    // What was under way when the user stopped it has not failed.
    if (!stop.aborted) throw error;
  }
}

async function run(options: StartOptions, stop: AbortSignal): Promise<void> {
  const { port, stack, empty = false, data, watch = false, verbose = false, json = false } = options;
  if (empty) {
    // Loads the embedded AWS, which would hold up --help and the synthesis.
    const { runEmpty }: typeof import("./start-empty") = require("./start-empty");
    return runEmpty(options, stop);
  }
  if (watch && stack !== undefined) {
    throw new UserError(
      "--watch synthesizes this project's stack and --stack is one that is synthesized: give one of them",
    );
  }
  await checkPort(port);
  if (!json && stack === undefined) print("Synthesizing the stack …");
  // Open before there is a stack, which allows uploads from it.
  const { createConsole }: typeof import("../console") = require("../console");
  const page = await createConsole({ port: consolePort(port) });
  let pipeline: Pipeline | undefined;
  let synthesized: LocalStack | undefined;
  let changes: Watch | undefined;
  try {
    // From now on: what is changed during the synthesis may be in it or not.
    if (watch) changes = watchSources(({ message }) => print(`No longer watched: ${message}`, process.stderr));
    stop.throwIfAborted();
    const synthesizing = stack === undefined ? synthesize(stop, allowUploadsFrom(page.origins)) : undefined;
    // Loaded while another process synthesizes, and not for --help or a wrong option.
    const loading = Promise.all([loadPipeline(stop), loadGradually(stop, SHOWING)]);
    const [local, [{ startPipeline }]] = await Promise.all([synthesizing, loading]);
    synthesized = local;
    const { loadSampleProfiles }: typeof import("../pipeline/sample-profiles") = require("../pipeline/sample-profiles");
    const directory = stack ?? synthesized?.directory ?? "";
    const dataDirectory = data === undefined ? undefined : resolve(data);
    pipeline = await startPipeline(directory, port, { dataDirectory });
    // Whoever deleted or changed one does not want it back.
    if (!pipeline.aws.isRestored) await loadSampleProfiles(pipeline);
    const photos = await page.show(pipeline, directory);
    stop.throwIfAborted();
    if (json) printJson({ ...summary(pipeline, page.url), dataDirectory });
    else {
      print(welcome(pipeline, page.url, { verbose, watch, dataDirectory }));
      const { tellPhotos }: typeof import("./photo-lines") = require("./photo-lines");
      await tellPhotos(pipeline, photos, stop);
    }
    if (changes !== undefined && synthesized !== undefined) {
      const output = json ? process.stderr : process.stdout;
      const environment = () => allowUploadsFrom(page.origins);
      synthesized = await followChanges({ changes, pipeline, page, stack: synthesized, environment, output }, stop);
    }
    await stopped(stop);
    if (!json) print("\nStopping …");
  } finally {
    changes?.close();
    await page.close();
    await pipeline?.close();
    synthesized?.remove();
  }
}

/** The settings with which the stack lets the console's page upload, besides whom it lets anyway. */
function allowUploadsFrom(origins: readonly string[]): Readonly<Record<string, string>> {
  const { uploadOrigins, existingBucket } = readSettings(readContext(PROJECT_ROOT));
  // Its rules are its owner's; the page says so if they leave it out.
  if (existingBucket !== undefined) return {};
  return { PROFILE_IMAGE_UPLOAD_ORIGINS: [...uploadOrigins, ...origins].join(",") };
}

/** The one after the endpoint's, so that it is known beforehand; 0, any, beside any. */
const consolePort = (port: number): number => (port === 0 || port === 65_535 ? 0 : port + 1);

const summary = ({ aws, names, thumbnailBaseUrl }: Pipeline, consoleUrl: string) => ({
  endpoint: aws.account.endpoint,
  region: aws.account.region,
  accountId: aws.account.accountId,
  ...names,
  consoleUrl,
  thumbnailBaseUrl,
});
