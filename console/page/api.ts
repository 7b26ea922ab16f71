// Asks the console's server; its refusals are sentences to be shown as they are.

/** Reads one of the server's addresses. */
export const get = async <T>(path: string): Promise<T> => read(await fetch(path));

/** Has the server do something. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  return read(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function read<T>(response: Response): Promise<T> {
  const content = await response.json();
  if (!response.ok) throw new Error(content.error);
  return content;
}

/** Of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
