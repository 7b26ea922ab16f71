// A short run of the fuzz; bench/fuzz.ts makes the long ones.

import sharp from "sharp";
import { runFuzz } from "../fuzz/run";
import { type FuzzedServer, holdings, settledHoldings, startFuzzedServer } from "../fuzz/server";
import { synthesizedStack } from "../pipeline";

let server: FuzzedServer;
beforeAll(async () => {
  server = await startFuzzedServer(synthesizedStack());
});
afterAll(() => server.close());

it("random and malformed requests get honest responses, leave nothing behind, and the pipeline still works", async () => {
  const photo = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#446688" } })
    .jpeg()
    .toBuffer();
  expect(await server.makeThumbnail(photo, "before")).toBeGreaterThan(0);
  await server.emptyBucket();
  const before = holdings();

  const { faults, statuses } = await runFuzz(server, { requests: 300, seed: 1 });
  // A bug says more than the answer that it led to.
  expect(server.bugs).toEqual([]);
  expect(faults).toEqual([]);
  // The requests reach every service, and some of them are right enough to succeed.
  for (const kind of ["s3", "s3 upload", "dynamodb", "logs", "lambda"])
    expect(statuses.get(kind)?.get("200")).toBeGreaterThan(0);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining(["s3 form", "tinify", "http", "noise"]));

  expect(await server.makeThumbnail(photo, "after")).toBeGreaterThan(0);
  await server.emptyBucket();
  const after = await settledHoldings(before);
  expect(after.sockets).toBeLessThanOrEqual(before.sockets);
  expect(after.descriptors ?? 0).toBeLessThanOrEqual(before.descriptors ?? 0);
  expect(after.files).toBeLessThanOrEqual(before.files);
}, 60_000);
