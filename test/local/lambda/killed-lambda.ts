// A program with two running functions, one of which computes forever; a test kills it. Its first line of output is the
// process ids of the functions.

import { startTestLambda } from "./lambda-harness";

async function main(): Promise<void> {
  const aws = await startTestLambda();
  const name = await aws.createFunction(
    "export const handler = async (event) => { process.stdout.write(`pid ${process.pid}\\n`); if (event.compute) for (;;); await new Promise((resolve) => setTimeout(resolve, 60_000)); };",
    { Timeout: 60 },
  );
  const pids: number[] = [];
  const write = aws.logs.write;
  aws.logs.write = (caller, group, stream, events) => {
    for (const { message } of events) {
      const [, pid] = /^pid (\d+)$/.exec(message) ?? [];
      if (pid !== undefined) pids.push(Number(pid));
    }
    if (pids.length === 2) process.stdout.write(`${JSON.stringify(pids)}\n`);
    write(caller, group, stream, events);
  };
  void aws.invoke(name, { compute: true });
  void aws.invoke(name, { compute: false });
}

void main();
