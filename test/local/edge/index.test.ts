import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { createActivityStream } from "../../../local/activity";
import { createEdge } from "../../../local/edge";
import { createIam } from "../../../local/iam";
import { REGION, startEdge } from "./fixture";

function createIdleEdge() {
  const account = { accountId: "111122223333", region: REGION, endpoint: "" };
  const activity = createActivityStream();
  return createEdge({ account, activity, iam: createIam({ account, activity }), services: {} });
}

describe("The edge listens", () => {
  test("on 127.0.0.1 alone, and tells the account where", async () => {
    const { account, port, close } = await startEdge();
    expect(account.endpoint).toBe(`http://127.0.0.1:${port}`);
    const elsewhere = connect(port, "127.0.0.2");
    await expect(once(elsewhere, "connect")).rejects.toThrow("ECONNREFUSED");
    await close();
  });

  test("not on a port that is in use, and says which", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const edge = createIdleEdge();
    await expect(edge.listen(port)).rejects.toThrow(`Port ${port} of 127.0.0.1 is already in use`);
    await edge.close();
    other.close();
    await once(other, "close");
  });

  test("not on a number that is not a port", async () => {
    const edge = createIdleEdge();
    await expect(edge.listen(70_000)).rejects.toThrow("Port 70000 does not exist");
    await edge.close();
  });

  test("after a failed attempt on another port", async () => {
    const edge = createIdleEdge();
    await expect(edge.listen(-1)).rejects.toThrow("Port -1");
    expect(await edge.listen(0)).toBeGreaterThan(0);
    await edge.close();
  });
});

describe("The edge closes", () => {
  test("idle, half-sent and waiting connections at once, and frees the port", async () => {
    let handled = () => {};
    const handling = new Promise<void>((resolve) => {
      handled = resolve;
    });
    const { port, close } = await startEdge({
      handle: () => {
        handled();
        return new Promise(() => {});
      },
    });
    const agent = new Agent({ keepAlive: true });
    const sockets = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
    const ends = sockets.map((socket) => new Promise((resolve) => socket.on("error", () => {}).on("close", resolve)));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    sockets[1]?.write("PUT /a HTTP/1.1\r\nHost: loc");
    const waiting = httpRequest({ port, host: "127.0.0.1", agent }).end();
    const answer = expect(once(waiting, "response")).rejects.toThrow(/hang up|ECONNRESET/);
    await handling;
    await close();
    await Promise.all(ends);
    await answer;
    await expect(once(connect(port, "127.0.0.1"), "connect")).rejects.toThrow("ECONNREFUSED");
    agent.destroy();
  });

  test("twice, and without ever having listened", async () => {
    const { close } = await startEdge();
    await close();
    await close();
    await createIdleEdge().close();
  });
});
