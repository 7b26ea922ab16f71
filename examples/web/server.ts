// A web app with profile images, small enough to copy: this server knows who is signed in, signs the one upload that this
// user may do, and says what to show. Photos go from the browser straight to S3, and thumbnails come straight from there.
// Beside Node.js and the AWS SDK it needs operations/profile-images.ts alone.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { createProfileImages, type PhotoFile, refusalOf } from "../../operations/profile-images";

const { BUCKET = "", TABLE = "", PROFILE_ID_TYPE, THUMBNAIL_BASE_URL, PORT = "3000" } = process.env;
if (BUCKET === "" || TABLE === "") {
  console.error("Set BUCKET and TABLE to the names that npm start, or Terraform's outputs, tell.");
  process.exit(1);
}
const images = createProfileImages({
  bucket: BUCKET,
  table: TABLE,
  profileIdType: PROFILE_ID_TYPE === "string" ? "string" : "number",
  thumbnailBaseUrl: THUMBNAIL_BASE_URL,
});

interface User {
  readonly profileId: string;
  readonly name: string;
}

// Your own accounts and sessions go here: these let everybody be anybody.
const { USERS = "1=Pete Mitchell,2=Tom Kazansky,3=Nick Bradshaw" } = process.env;
const users: readonly User[] = USERS.split(",").map((each) => {
  const at = each.lastIndexOf("=");
  return { profileId: each.slice(0, at), name: each.slice(at + 1) };
});
const sessions = new Map<string, User>();

function signIn(name: unknown, response: ServerResponse): Result {
  const user = users.find((each) => each.name === name);
  if (user === undefined) return { status: 404, body: { error: "There is no such user." } };
  const session = randomUUID();
  sessions.set(session, user);
  response.setHeader("set-cookie", `session=${session}; HttpOnly; SameSite=Strict; Path=/`);
  return { body: {} };
}

const userOf = ({ headers: { cookie = "" } }: IncomingMessage): User | undefined =>
  sessions.get(/(?:^|; )session=([0-9a-f-]+)/.exec(cookie)?.[1] ?? "");

interface Result {
  readonly status?: number;
  readonly body: unknown;
}

/** What the page shows: the profile is always that of the session, and never one that the request names. */
async function face({ profileId, name }: User): Promise<Result> {
  const profile = await images.read(profileId);
  if (profile === undefined) return { status: 404, body: { error: `${name} has no profile yet.` } };
  const { photo, thumbnail, isCurrent } = profile;
  const shown = thumbnail && { ...thumbnail, url: await images.urlOf(thumbnail) };
  return { body: { name, photo, thumbnail: shown, isCurrent } };
}

async function sign({ profileId }: User, file: PhotoFile): Promise<Result> {
  const refusal = refusalOf(file);
  if (refusal !== undefined) return { status: 400, body: { error: refusal } };
  return { body: await images.signUpload(profileId, file) };
}

async function remove({ profileId }: User): Promise<Result> {
  return { status: (await images.removePhoto(profileId)) ? 200 : 404, body: {} };
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<Result> {
  const route = `${request.method} ${request.url}`;
  if (route === "GET /users") return { body: users.map(({ name }) => name) };
  // Browsers send JSON to another site only after asking, and this server never says yes.
  const isJson = request.headers["content-type"] === "application/json";
  if (request.method === "POST" && !isJson) return { status: 415, body: { error: "Send application/json." } };
  if (route === "POST /session") return signIn(((await json(request)) as { name?: unknown }).name, response);
  const user = userOf(request);
  if (user === undefined) return { status: 401, body: { error: "Sign in first." } };
  if (route === "GET /face") return face(user);
  if (route === "POST /face") return sign(user, fileIn(await json(request)));
  if (route === "DELETE /face") return remove(user);
  return { status: 404, body: { error: "There is nothing here." } };
}

const fileIn = (body: unknown): PhotoFile => {
  const { contentType, size } = (body ?? {}) as Partial<Record<keyof PhotoFile, unknown>>;
  return { contentType: String(contentType ?? ""), size: Number(size) };
};

const FILES: Readonly<Record<string, readonly [string, string]>> = {
  "GET /": ["page.html", "text/html; charset=utf-8"],
  "GET /page.js": ["page.js", "text/javascript; charset=utf-8"],
};

const server = createServer(async (request, response) => {
  response.setHeader("content-security-policy", "default-src 'self'; img-src *; connect-src *; frame-ancestors 'none'");
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cache-control", "no-store");
  const [name, type] = FILES[`${request.method} ${request.url}`] ?? [];
  if (name !== undefined && type !== undefined) {
    response.setHeader("content-type", type);
    return response.end(readFileSync(`${__dirname}/${name}`));
  }
  const { status = 200, body } = await respond(request, response).catch((error: unknown): Result => {
    if (error instanceof SyntaxError) return { status: 400, body: { error: "That is not JSON." } };
    console.error(error);
    return { status: 500, body: { error: "Something went wrong." } };
  });
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
server.listen(Number(PORT), "127.0.0.1", () => {
  const { port } = server.address() as { port: number };
  console.log(`http://localhost:${port}`);
});
