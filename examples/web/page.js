// The page of the example: shows the face that there is, uploads a new photo straight to S3, and shows the old face until
// the new one is ready. Initials stand for a face that is not there.

/** After so long a photo is probably one of which no thumbnail can be made. */
const TIMEOUT_MS = 15_000;
const BETWEEN_READS_MS = 400;

/** @type {<T extends HTMLElement>(id: string) => T} */
const element = (id) => /** @type {any} */ (document.getElementById(id));
const image = /** @type {HTMLImageElement} */ (element("image"));
const progress = /** @type {HTMLProgressElement} */ (element("progress"));
const file = /** @type {HTMLInputElement} */ (element("file"));

/** @param {string} text */
const say = (text) => {
  element("message").textContent = text;
};

/**
 * Asks the server; what it refuses becomes an Error with its sentence.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function ask(method, path, body) {
  const sent =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, { method, ...sent });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Shows what the profile has now. */
async function show() {
  const face = await ask("GET", "face");
  element("who").textContent = face.name;
  element("initials").textContent = face.name.replace(/(\S)\S*\s*/g, "$1");
  element("initials").hidden = face.thumbnail !== undefined;
  image.hidden = face.thumbnail === undefined;
  if (face.thumbnail !== undefined && image.src !== face.thumbnail.url) image.src = face.thumbnail.url;
  element("remove").hidden = face.photo === undefined;
  return face;
}

/**
 * Sends the photo to S3; `fetch` tells no progress.
 * @param {{ method: string, url: string, headers: Record<string, string> }} signed
 * @param {Blob} photo
 */
const send = (signed, photo) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(signed.method, signed.url);
    for (const [name, value] of Object.entries(signed.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => {
      progress.value = loaded / total;
    };
    request.onload = () => (request.status === 200 ? resolve(undefined) : reject(new Error("The upload was refused.")));
    request.onerror = () => reject(new Error("The upload did not get through."));
    request.send(photo);
  });

/**
 * The old face stays until the profile names the new one.
 * @param {string} key
 */
async function awaitFace(key) {
  for (const start = Date.now(); Date.now() - start < TIMEOUT_MS; ) {
    const { photo, isCurrent } = await show();
    if (photo === key && isCurrent) return say("This is your new profile image.");
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_READS_MS));
  }
  say("No profile image could be made of this photo yet. Try another one; until then nothing changes.");
}

async function upload() {
  const [photo] = file.files ?? [];
  if (photo === undefined) return;
  const signed = await ask("POST", "face", { contentType: photo.type, size: photo.size });
  // What the browser cannot show, nobody needs to upload.
  await createImageBitmap(photo).catch(() => {
    throw new Error("This file is not a picture.");
  });
  say("Uploading …");
  progress.hidden = false;
  await send(signed, photo).finally(() => {
    progress.hidden = true;
  });
  say("Uploaded. Your new profile image is being made …");
  await awaitFace(signed.key);
}

async function remove() {
  await ask("DELETE", "face");
  say("Removed.");
  // The pipeline takes a moment to remove the thumbnail; nobody needs to see it meanwhile.
  image.hidden = true;
  element("initials").hidden = false;
  element("remove").hidden = true;
}

/** @param {() => Promise<unknown>} action */
const attempt = (action) => async () => {
  say("");
  await action().catch((error) => say(error.message));
  file.value = "";
};

async function signIn() {
  await ask("POST", "session", { name: /** @type {HTMLSelectElement} */ (element("name")).value });
  element("profile").hidden = false;
  await show();
}

element("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  element("profile").hidden = true;
  void attempt(signIn)();
});
file.addEventListener("change", attempt(upload));
element("remove").addEventListener("click", attempt(remove));
ask("GET", "users").then((names) => {
  const options = names.map((/** @type {string} */ name) => new Option(name, name));
  element("name").append(...options);
});
