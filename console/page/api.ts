// Asks the console's server; its refusals are sentences to be shown as they are.

/** Reads one of the server's addresses. */
export const get = async <T>(path: string): Promise<T> => read(await ask(path));

/** Has the server do something. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  return read(await ask(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** A fetch that fails has reached nobody: the browser's own words for it differ, and none says so. */
const ask = (path: string, request?: RequestInit): Promise<Response> =>
  fetch(path, request).catch(() => {
    throw new Error("The server has stopped; nothing was done");
  });

async function read<T>(response: Response): Promise<T> {
  const content = await response.json();
  if (!response.ok) throw new Error(content.error);
  return content;
}

/** Of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
