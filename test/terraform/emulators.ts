// AWS emulators that nobody here wrote, each in a process of its own: MiniStack, which also runs functions, and moto as the
// second opinion. https://github.com/ministackorg/ministack, https://github.com/getmoto/moto

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type EmbeddedAws, startEmbeddedAws } from "../../local";
import { withoutFilters } from "./emulator-faults";
import type { StackJson } from "./provider";
import { PYTHON_BIN } from "./tools";

export interface Emulator {
  /** An address in numbers: Terraform's provider and the SDKs then put bucket names into the path by themselves. */
  readonly endpoint: string;
  /** Takes out of a stack what the emulator is known to do wrong. */
  readonly spare: (json: StackJson) => StackJson;
  /** Of the process that it runs in. */
  readonly pid: number;
  stop(): Promise<void>;
}

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";

/** What clients of the emulator have in their environment. */
export const clientEnvironment = ({ endpoint }: Pick<Emulator, "endpoint">) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: REGION,
});

/** Milliseconds. */
const START_LIMIT = 60_000;

/** @param tinypng where the functions find TinyPNG; without it they find none */
export const startMiniStack = (tinypng = "http://127.0.0.1:1"): Promise<Emulator> =>
  start("ministack", "/_ministack/health", withoutFilters, (port) => ({
    args: [],
    env: {
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: port,
      MINISTACK_REGION: REGION,
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      NODE_OPTIONS: `--import=${pathToFileURL(join(__dirname, "tinypng.mjs"))}`,
      TINYPNG_ENDPOINT: tinypng,
    },
  }));

/** Keeps configurations; its functions do not run. */
export const startMoto = (): Promise<Emulator> =>
  start(
    "moto_server",
    "/moto-api/",
    (json) => json,
    (port) => ({
      args: ["--host", "127.0.0.1", "--port", port],
      env: { MOTO_ACCOUNT_ID: ACCOUNT },
    }),
  );

/** The embedded AWS, without a stack: what Terraform makes on it runs. */
export async function startEmbedded(key: string): Promise<Emulator & { readonly aws: EmbeddedAws }> {
  const aws = await startEmbeddedAws({ region: REGION, tinypngKey: key });
  return { endpoint: aws.account.endpoint, spare: (json) => json, pid: process.pid, stop: () => aws.close(), aws };
}

interface Invocation {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function start(
  program: string,
  health: string,
  spare: Emulator["spare"],
  invocation: (port: string) => Invocation,
): Promise<Emulator> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const { args, env } = invocation(String(port));
  const child = spawn(join(PYTHON_BIN, program), args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += chunk;
    });
  }
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const deadline = Date.now() + START_LIMIT;
  while (!(await answers(endpoint + health))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${program} does not start:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    endpoint,
    spare,
    pid: child.pid ?? 0,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
