// The runtime inside the process: how it starts, and what the network lets out. Which file it loads is in loader.test.ts.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service } from "../../../local/service";
import { bundle } from "./bundle";
import { BLOCK, startTestLambda, type TestLambda } from "./lambda-harness";

let aws: TestLambda;
const directories: string[] = [];
let tinifyRequests: { method?: string; url?: string; host?: string; authorization?: string; body: string }[];

/** Plays TinyPNG as far as its client asks. */
const tinify: Service = {
  async handle(request, response, context) {
    const { method, url, headers } = request;
    tinifyRequests.push({
      method,
      url,
      host: headers.host,
      authorization: headers.authorization,
      body: context.body.toString(),
    });
    if (method === "POST") {
      response.writeHead(201, { location: "https://api.tinify.com/output/abc", "compression-count": "7" });
      response.end("{}");
    } else {
      response.writeHead(200, { "content-type": "image/png" });
      response.end("small");
    }
  },
  refuse: (error, _request, response) => void response.writeHead(error.status).end(),
  close: async () => {},
};

beforeAll(async () => {
  aws = await startTestLambda({ services: { tinify } });
});
beforeEach(() => {
  tinifyRequests = [];
});
afterAll(async () => {
  await aws.close();
  for (const directory of directories) rmSync(directory, { recursive: true });
});

describe("a start", () => {
  it("finds a handler in a folder and in an object", async () => {
    const name = await aws.createFunction(
      { "src/photo.cjs": "exports.api = { run: async () => 'nested' };" },
      { Handler: "src/photo.api.run" },
    );

    expect((await aws.invoke(name)).payload).toBe("nested");
  });

  it("fails the invocation with the error of a start, of the loader's as of the code's", async () => {
    const unloadable = await aws.invoke(
      await aws.createFunction({ "index.js": "export const handler = async () => 1;" }),
    );
    const thrown = await aws.invoke(await createCounting('throw new Error("start " + starts);'));

    expect(unloadable).toMatchObject({
      error: "Unhandled",
      payload: { errorType: "Runtime.UserCodeSyntaxError", errorMessage: expect.stringMatching(/^SyntaxError: /) },
    });
    expect(thrown).toMatchObject({ error: "Unhandled", payload: { errorType: "Error", errorMessage: "start 2" } });
  });

  it("tries a start that failed once more within the invocation", async () => {
    const flaky = await createCounting(
      'if (starts === 1) throw new Error("too early"); export const handler = async () => starts;',
    );

    const saved = await aws.invoke(flaky);

    expect(saved).toMatchObject({ error: undefined, payload: 2 });
    expect(aws.logOf(flaky).join("\n")).toContain("too early");
  });

  /** A function whose code knows how many of its instances have started. */
  async function createCounting(code: string): Promise<string> {
    const directory = mkdtempSync(join(tmpdir(), "starts-"));
    directories.push(directory);
    const count = `import { appendFileSync, readFileSync } from "node:fs";
      appendFileSync(process.env.STARTS, ".");
      const starts = readFileSync(process.env.STARTS, "utf8").length;`;
    return aws.createFunction(`${count} ${code}`, {
      Environment: { Variables: { STARTS: join(directory, "starts") } },
    });
  }

  it("ends a start that takes too long, also at the second try, which has the function's time", async () => {
    const impatient = await startTestLambda({ initTimeoutMs: 300 });
    const name = await impatient.createFunction(`${BLOCK} export const handler = async () => 1;`, { Timeout: 1 });

    const failed = await impatient.invoke(name);
    await impatient.close();

    expect(failed.payload).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${failed.requestId} Error: Task timed out after 1.00 seconds`,
    });
  });
});

describe("the network", () => {
  let name: string;
  beforeAll(async () => {
    name = await aws.createFunction(NETWORK_CODE);
  });

  it("reaches the embedded AWS, by its address and by any name below localhost", async () => {
    // Anonymous, hence refused, but by the embedded AWS itself.
    expect((await aws.invoke(name, "the embedded AWS")).payload).toEqual([403, 403, 403]);
  });

  it("refuses every other host by its name", async () => {
    const reach = "The embedded AWS lets functions reach only itself and https://api.tinify.com, not";
    expect((await aws.invoke(name, "other hosts")).payload).toEqual([
      `${reach} example.com`,
      `${reach} example.org`,
      `${reach} 192.0.2.7`,
      `${reach} 192.0.2.8`,
    ]);
  });

  it("lets datagrams reach this machine", async () => {
    expect((await aws.invoke(name, "datagrams")).payload).toBe("hello");
  });

  it("carries the unmodified TinyPNG client's calls to the embedded TinyPNG", async () => {
    const name = await aws.createFunction({ "index.js": bundle(TINIFY_CODE) });

    const { payload } = await aws.invoke(name);

    expect(payload).toEqual(["small", 7]);
    const authorization = `Basic ${Buffer.from("api:the-key").toString("base64")}`;
    expect(tinifyRequests).toEqual([
      { method: "POST", url: "/shrink", host: "api.tinify.com", authorization, body: "big" },
      { method: "GET", url: "/output/abc", host: "api.tinify.com", authorization, body: "" },
    ]);
  });
});

const NETWORK_CODE = `import dgram from "node:dgram"; import { once } from "node:events";
  import https from "node:https"; import net from "node:net";
  const failure = (start) => new Promise((resolve) => start().on("error", (error) => resolve(error.message)));
  const attempts = {
    async "the embedded AWS"() {
      const { port } = new URL(process.env.AWS_ENDPOINT_URL);
      const answers = [];
      for (const host of ["127.0.0.1", "localhost", "photos.localhost"]) {
        const response = await fetch("http://" + host + ":" + port + "/2015-03-31/functions/");
        answers.push(response.status);
      }
      return answers;
    },
    "other hosts": async () => [
      await fetch("https://example.com/").catch((error) => error.cause.message),
      await failure(() => https.get("https://example.org/")),
      await failure(() => net.connect(25, "192.0.2.7")),
      await new Promise((resolve) => dgram.createSocket("udp4").send("?", 53, "192.0.2.8", (error) => resolve(error.message))),
    ],
    async datagrams() {
      const receiver = dgram.createSocket("udp4").bind(0);
      await once(receiver, "listening");
      const sender = dgram.createSocket({ type: "udp4" });
      sender.send("hello", receiver.address().port, "localhost");
      const [message] = await once(receiver, "message");
      for (const socket of [sender, receiver]) socket.close();
      return String(message);
    },
  };
  export const handler = (attempt) => attempts[attempt]();`;

const TINIFY_CODE = `const tinify = require("tinify"); tinify.key = "the-key";
  exports.handler = async () => {
    const small = await tinify.fromBuffer(Buffer.from("big")).toBuffer();
    return [Buffer.from(small).toString(), tinify.compressionCount];
  };`;
