// `npm run test:s3`: ceph's s3-tests, which judge S3 servers, against the embedded S3. Their sources are not part of this
// project: S3_TESTS names a folder with a checkout. Python 3.10 or newer runs them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { startEmbeddedAws } from "../../local";
import type { OtherAccount } from "../../local/iam/types";
import { judge, readKnownFailures, resultsOf } from "./judge";

const COMMIT = "8f0ae7b";
const VIRTUAL_ENVIRONMENT = join(__dirname, "..", "..", "build", "suites");
const PYTHON = join(VIRTUAL_ENVIRONMENT, "bin", "python3");

/** What the embedded S3 does not claim: each is one of the suite's own marks. */
const OUT_OF_SCOPE = [
  "appendobject",
  "bucket_encryption",
  "bucket_logging",
  "bucket_logging_cleanup",
  "cloud_restore",
  "cloud_transition",
  "encryption",
  "fails_on_aws",
  "lifecycle",
  "lifecycle_expiration",
  "lifecycle_transition",
  "s3website",
  "s3website_redirect_location",
  "s3website_routing_rules",
  "sse_s3",
  "target_by_bucket",
];

/** Whom the suite's other users are here: the administrator of another account. */
const OTHER = { accountId: "444455556666", accessKeyId: "other", secretAccessKey: "other" };
const ADMINISTRATOR = { accountId: "111122223333", accessKeyId: "test", secretAccessKey: "test" };
const USERS = [
  ["s3 main", ADMINISTRATOR],
  ["s3 alt", OTHER],
  ["s3 tenant", OTHER],
  ["iam", ADMINISTRATOR],
  ["iam root", ADMINISTRATOR],
  ["iam alt root", OTHER],
] as const;

const user = (section: string, { accountId, accessKeyId, secretAccessKey }: OtherAccount, port: number) => `[${section}]
display_name = ${accountId}
user_id = ${accountId.padStart(64, "0")}
email = ${section.replace(" ", "-")}@example.com
access_key = ${accessKeyId}
secret_key = ${secretAccessKey}
api_name = us-east-1
tenant = testx
port = ${port}
`;

const configuration = (port: number): string => `[DEFAULT]
host = 127.0.0.1
port = ${port}
is_secure = False
ssl_verify = False
[fixtures]
bucket prefix = s3tests-{random}-
iam name prefix = s3-tests-
iam path prefix = /s3-tests/
${USERS.map(([name, account]) => user(name, account, port)).join("")}`;

async function run(command: string, args: readonly string[], cwd?: string, env = {}): Promise<number> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "close");
  return Number(code);
}

/** Ends with a sentence where something is missing: 2, as it is not a failure of a test. */
function missing(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

async function main(): Promise<void> {
  const { S3_TESTS: sources = "" } = process.env;
  if (!existsSync(join(sources, "s3tests", "functional", "test_s3.py"))) {
    missing(
      `S3_TESTS must name a folder with https://github.com/ceph/s3-tests at commit ${COMMIT} (given ${JSON.stringify(sources)}).`,
    );
  }
  if ((await run("python3", ["-m", "venv", VIRTUAL_ENVIRONMENT])) !== 0) {
    missing('"python3 -m venv" cannot be run: install Python 3.10 or newer with its venv module.');
  }
  const requirements = join(__dirname, "requirements.txt");
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
  if ((await run(PYTHON, install)) !== 0) missing("pip could not install what the tests need.");

  const folder = mkdtempSync(join(tmpdir(), "s3-tests-"));
  const aws = await startEmbeddedAws({ region: "us-east-1", tinypngKey: "", otherAccounts: [OTHER] });
  try {
    writeFileSync(join(folder, "s3tests.conf"), configuration(Number(new URL(aws.account.endpoint).port)));
    const report = join(folder, "report.xml");
    const files = ["s3tests/functional/test_s3.py", "s3tests/functional/test_headers.py"];
    const marks = `not (${OUT_OF_SCOPE.join(" or ")})`;
    const options = [
      "-q",
      "-p",
      "buckets_of_before_2023",
      "--tb=no",
      "-p",
      "no:cacheprovider",
      "-m",
      marks,
      `--junitxml=${report}`,
    ];
    const code = await run(PYTHON, ["-m", "pytest", ...files, ...options, ...process.argv.slice(2)], sources, {
      S3TEST_CONF: join(folder, "s3tests.conf"),
      PYTHONPATH: __dirname,
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONWARNINGS: "ignore",
    });
    // 0 and 1: all tests ran, and some may have failed.
    if (code > 1) throw new Error(`pytest ended with ${code}`);
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@" });
    const results = resultsOf(parser.parse(readFileSync(report, "utf8")));
    const known = readKnownFailures(readFileSync(join(__dirname, "s3-tests-known-failures.txt"), "utf8"));
    const { passed, unexpected, outdated, ...rest } = judge(results, known);
    console.log(`${passed} of ${results.size} pass; ${rest.known} are known not to.`);
    for (const name of unexpected) console.log(`${name} fails, and is not on the list`);
    for (const name of outdated) console.log(`${name} is on the list, and does not fail`);
    process.exitCode = unexpected.length + outdated.length === 0 ? 0 : 1;
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true });
  }
}

void main();
