// Uploads a photo from the browser straight to the bucket: the server signs a form, and the bucket's CORS rules decide
// whether this page may post it.

import type { UploadForm, UploadRequest } from "../types";
import { post } from "./api";

/** Uploads a photo for a profile; rejects with a sentence. */
export async function uploadPhoto(profileId: string, file: File, onProgress: (share: number) => void): Promise<void> {
  const { name, type, size } = file;
  const request: UploadRequest = { profileId, name, type, size };
  const { url, fields } = await post<UploadForm>("/api/uploads", request);
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set("file", file); // S3 reads no field after it.
  await send(url, form, onProgress);
}

/** Not fetch, which tells no progress. Listening to it makes the browser ask for permission first, with a preflight. */
function send(url: string, form: FormData, onProgress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new Error(`S3 refuses the photo: ${s3Message(request.responseText)}`));
    };
    request.onerror = () =>
      reject(
        new Error(
          `The browser could not upload to ${new URL(url).origin}: the bucket's CORS rules must allow POST from ${location.origin}, unless it has just stopped`,
        ),
      );
    request.open("POST", url);
    request.send(form);
  });
}

/** What S3's XML says. */
function s3Message(text: string): string {
  const xml = new DOMParser().parseFromString(text, "application/xml");
  return xml.querySelector("Message")?.textContent ?? text;
}
