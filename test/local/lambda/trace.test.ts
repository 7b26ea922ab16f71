// The X-Ray header's way: from the caller of Invoke into the function's environment.

import { InvokeCommand } from "@aws-sdk/client-lambda";
import { startTestLambda, type TestLambda } from "./lambda-harness";

let aws: TestLambda;

beforeAll(async () => {
  aws = await startTestLambda();
});
afterAll(() => aws.close());

const HANDLER = "export const handler = async () => process.env._X_AMZN_TRACE_ID;";

it("a caller's trace reaches the function, and each invocation without one gets its own", async () => {
  const FunctionName = await aws.createFunction(HANDLER);
  const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  const traced = new InvokeCommand({ FunctionName });
  traced.middlewareStack.add(
    (next) => (input) => {
      (input.request as { headers: Record<string, string> }).headers["x-amzn-trace-id"] = trace;
      return next(input);
    },
    { step: "build" },
  );

  const { Payload } = await aws.client.send(traced);
  const others = [(await aws.invoke(FunctionName)).payload, (await aws.invoke(FunctionName)).payload];

  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toBe(trace);
  for (const other of others) expect(other).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
  expect(others[0]).not.toBe(others[1]);
});
