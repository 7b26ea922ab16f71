// The port of the embedded AWS: looked at before anything else is done, since a synthesis takes seconds.

import { once } from "node:events";
import { createServer } from "node:net";
import { UserError } from "../stack/user-error";

/** LocalStack's: many tools know it. */
export const DEFAULT_PORT = 4566;

const HOST = "127.0.0.1";

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is already in use, perhaps by another "npm start"',
  EACCES: "may not be used by this user",
};

/** Rejects with a UserError when nobody could listen on the port now; 0 is always free. */
export async function checkPort(port: number): Promise<void> {
  const server = createServer().listen(port, HOST);
  try {
    await once(server, "listening");
  } catch (error) {
    throw portError(port, error as NodeJS.ErrnoException);
  }
  server.close();
  await once(server, "close");
}

/** What it means to the user that nobody can listen on the port. */
export const portError = (port: number, { code = "", message }: NodeJS.ErrnoException): UserError =>
  new UserError(
    `port ${port} of ${HOST} ${REASONS[code] ?? `cannot be used (${message})`}; "npm start -- --port ${alternativeTo(port)}" takes another one, --port 0 any that is free`,
  );

/** Not the next one, which is the console's. */
const alternativeTo = (port: number): number => (port + 10 > 65_535 || port < 1024 ? 4576 : port + 10);
