// `npm run test:s3`: ceph's s3-tests, which judge S3 servers, against the embedded S3. Their sources are not part of this
// project: S3_TESTS names a folder with a checkout. Python 3.10 or newer runs them.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedAws } from "../../local";
import type { OtherAccount } from "../../local/iam/types";
import { judgeSuite, preparePython, sourcesNamedBy } from "./pytest";

const SUITE = "https://github.com/ceph/s3-tests at commit 8f0ae7b";

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

async function main(): Promise<void> {
  const sources = sourcesNamedBy("S3_TESTS", join("s3tests", "functional", "test_s3.py"), SUITE);
  await preparePython();
  const folder = mkdtempSync(join(tmpdir(), "s3-tests-"));
  const aws = await startEmbeddedAws({ region: "us-east-1", tinypngKey: "", otherAccounts: [OTHER] });
  try {
    writeFileSync(join(folder, "s3tests.conf"), configuration(Number(new URL(aws.account.endpoint).port)));
    const files = ["s3tests/functional/test_s3.py", "s3tests/functional/test_headers.py"];
    const marks = `not (${OUT_OF_SCOPE.join(" or ")})`;
    await judgeSuite({
      sources,
      options: [...files, "-p", "buckets_of_before_2023", "-m", marks],
      env: { S3TEST_CONF: join(folder, "s3tests.conf") },
      folder,
      knownFailures: "s3-tests-known-failures.txt",
    });
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true });
  }
}

void main();
