// Finds the service that a request is for: AWS tells them apart by host name, the embedded AWS by what clients sign and send.

import type { IncomingMessage } from "node:http";
import { AwsError } from "../aws-error";
import type { Service } from "../service";
import type { Published } from "./exchange";
import { createJsonRefusals } from "./json-refusals";
import type { Refusals } from "./refusals";
import { type RequestTarget, TINIFY_HOST } from "./request-target";
import { S3_REFUSALS } from "./s3-refusals";

const MEGABYTE = 1024 * 1024;

/** What the edge has to know of a service. */
export interface ServiceTraits {
  /** The service's name in a credential scope; absent when requests are not signed the AWS way. */
  readonly signingName?: string;
  /** Services of the whole partition are signed for its first region, whatever the client's: either is taken. */
  readonly isGlobal?: true;
  readonly refusals: Refusals;
  /** Bytes of a body that the edge reads; absent when the service streams it. */
  readonly bodyLimit?: number;
  /** Whether it takes bodies that are compressed. */
  readonly decodesBodies?: true;
  readonly allowsAnonymous?: true;
  /** What activities show of its requests and responses; default: nothing. */
  readonly published?: Published;
}

const JSON_400 = createJsonRefusals(400);
const JSON_403 = createJsonRefusals(403);
/** The query services number these refusals as Lambda does; their protocols write them. */
const QUERY = JSON_403;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-api */
const DYNAMODB = {
  signingName: "dynamodb",
  refusals: JSON_400,
  bodyLimit: 16 * MEGABYTE,
  decodesBodies: true,
} as const;

/** Service name → traits. DynamoDB's streams are a service of their own, under DynamoDB's signing name. */
const TRAITS: Readonly<Record<string, ServiceTraits>> = {
  s3: { signingName: "s3", refusals: S3_REFUSALS, allowsAnonymous: true, published: "headers" },
  dynamodb: { ...DYNAMODB, published: "bodies" },
  streams: DYNAMODB,
  // Parameters are secrets, and log lines and environments may hold some: these three publish nothing.
  logs: { signingName: "logs", refusals: JSON_400, bodyLimit: 16 * MEGABYTE },
  ssm: { signingName: "ssm", refusals: JSON_400, bodyLimit: 16 * MEGABYTE },
  events: { signingName: "events", refusals: JSON_400, bodyLimit: 16 * MEGABYTE, published: "bodies" },
  iam: { signingName: "iam", isGlobal: true, refusals: QUERY, bodyLimit: MEGABYTE },
  cloudfront: { signingName: "cloudfront", isGlobal: true, refusals: QUERY, bodyLimit: MEGABYTE },
  sts: { signingName: "sts", isGlobal: true, refusals: QUERY, bodyLimit: MEGABYTE },
  sns: { signingName: "sns", refusals: QUERY, bodyLimit: MEGABYTE },
  monitoring: { signingName: "monitoring", refusals: QUERY, bodyLimit: MEGABYTE },
  kms: { signingName: "kms", refusals: JSON_400, bodyLimit: MEGABYTE },
  // CreateFunction brings a zip of up to 50 MB, in base64.
  lambda: { signingName: "lambda", refusals: JSON_403, bodyLimit: 70 * MEGABYTE },
  // Deployment packages, in a bucket of Lambda's own.
  packages: { signingName: "s3", refusals: S3_REFUSALS, allowsAnonymous: true },
  // Photos, and Basic authentication, which is the service's own business.
  tinify: { refusals: JSON_400, bodyLimit: 128 * MEGABYTE, allowsAnonymous: true, published: "bodies" },
};

/** The part of X-Amz-Target before the dot → service name. */
const TARGETS: Readonly<Record<string, string>> = {
  DynamoDB_20120810: "dynamodb",
  DynamoDBStreams_20120810: "streams",
  Logs_20140328: "logs",
  AmazonSSM: "ssm",
  AWSEvents: "events",
  TrentService: "kms",
  GraniteServiceVersion20100801: "monitoring",
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html: every path begins with the API's date. */
const LAMBDA_PATH = /^\/20\d\d-\d\d-\d\d\/(functions|event-source-mappings|account-settings|layers|tags)(\/|$)/;

/** Where the locations of deployment packages lead. */
const PACKAGES_PATH = /^\/awslambda-[a-z0-9-]+-tasks\//;

export interface Route {
  readonly name: string;
  readonly service: Service;
  readonly traits: ServiceTraits;
}

/** Finds the route of a request; refuses a service that is not here, by name. */
export function findRoute(
  request: IncomingMessage,
  target: RequestTarget,
  services: Readonly<Record<string, Service>>,
): Route {
  const name = serviceNameOf(request, target);
  const key = name === "streams" && !Object.hasOwn(services, name) ? "dynamodb" : name;
  const service = Object.hasOwn(services, key) ? services[key] : undefined;
  const traits = Object.hasOwn(TRAITS, key) ? TRAITS[key] : undefined;
  if (service === undefined || traits === undefined) {
    throw new AwsError(
      "NotImplemented",
      `The embedded AWS has no service "${name}"; it has ${Object.keys(services).join(", ")}`,
      501,
    );
  }
  return { name: key, service, traits };
}

function serviceNameOf(request: IncomingMessage, target: RequestTarget): string {
  if (target.host === TINIFY_HOST) return "tinify";
  if (PACKAGES_PATH.test(target.path)) return "packages";
  const amzTarget = request.headers["x-amz-target"];
  const signingName = signingNameOf(request, target);
  if (typeof amzTarget === "string") {
    const [prefix = ""] = amzTarget.split(".");
    return Object.hasOwn(TARGETS, prefix) ? String(TARGETS[prefix]) : (signingName ?? prefix);
  }
  if (signingName !== undefined) return signingName;
  return LAMBDA_PATH.test(target.path) ? "lambda" : "s3";
}

/** The service of the credential scope `key/date/region/service/aws4_request`, wherever it is. */
function signingNameOf(request: IncomingMessage, target: RequestTarget): string | undefined {
  const [, inHeader] = /Credential=([^,\s]*)/.exec(request.headers.authorization ?? "") ?? [];
  return (inHeader ?? target.query.get("X-Amz-Credential"))?.split("/").at(-2) || undefined;
}
