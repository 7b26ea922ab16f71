// `npm run test:dynamodb`: Scylla's tests of its DynamoDB API ("alternator"), which judge DynamoDB servers and are run
// against AWS too, against the embedded DynamoDB. Their sources are not part of this project: ALTERNATOR_TESTS names a
// folder with a checkout.

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedAws } from "../../local";
import { withFile } from "./judge";
import { judgeSuite, preparePython, sourcesNamedBy } from "./pytest";

const SUITE =
  "https://github.com/scylladb/scylladb (test/alternator and test/__init__.py are enough) at commit f4a4091";
const FOLDER = join("test", "alternator");

/** Files about Scylla itself, and why. */
const OUT_OF_SCOPE: Readonly<Record<string, string>> = {
  test_audit: "Scylla's audit log",
  test_authorization: "keys of CQL's roles",
  test_cql_rbac: "permissions of CQL's roles",
  test_cql_schema: "how CQL shows tables",
  test_expression_caching: "Scylla's cache of expressions",
  test_https: "Scylla's certificates",
  test_logs: "Scylla's log",
  test_metrics: "Scylla's metrics",
  test_no_exception: "exceptions inside of Scylla",
  test_scylla: "what only Scylla has",
  test_service_levels: "CQL's service levels",
  test_streams_tablets: "Scylla's tablets",
  test_system_tables: "Scylla's system tables",
  test_tablets: "Scylla's tablets",
  test_tracing: "Scylla's tracing",
  test_vector: "Scylla's vector search",
  test_write_isolation: "Scylla's modes of writing",
};

/** Longer than any test that does not wait for something in vain. */
const SECONDS_PER_TEST = 40;

async function main(): Promise<void> {
  const sources = sourcesNamedBy("ALTERNATOR_TESTS", join(FOLDER, "test_item.py"), SUITE);
  await preparePython();
  const files = readdirSync(join(sources, FOLDER))
    .filter((name) => /^test_.*\.py$/.test(name) && !Object.hasOwn(OUT_OF_SCOPE, name.replace(/\.py$/, "")))
    .map((name) => join(FOLDER, name));
  const folder = mkdtempSync(join(tmpdir(), "dynamodb-tests-"));
  const aws = await startEmbeddedAws({ region: "us-east-1", tinypngKey: "" });
  try {
    await judgeSuite({
      sources,
      options: [
        ...files,
        ...["-p", "without_scylla", "-c", "/dev/null", "--rootdir=.", `--confcutdir=${FOLDER}`],
        ...["--runxfail", `--timeout=${SECONDS_PER_TEST}`, `--url=${aws.account.endpoint}`], // What Scylla fails, AWS may pass.
      ],
      folder,
      knownFailures: "dynamodb-tests-known-failures.txt",
      nameOf: withFile,
    });
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true });
  }
}

void main();
