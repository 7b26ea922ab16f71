// Reads a policy document: checks its grammar as IAM does and compiles each statement into what the evaluator calls.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html

import { type Condition, parseCondition, variableMessage } from "./conditions";
import { malformed } from "./malformed";
import { createArnGlob, createGlob, isArn, type Match } from "./match";
import { type Principals, parsePrincipals } from "./principals";
import type { PolicyDocument } from "./types";

/** Identity: what a role may do. Resource: who may use a bucket or function. Trust: who may assume a role. */
export type PolicyKind = "identity" | "resource" | "trust";

/** A statement, ready to be evaluated. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** Expects the action in lower case: the case of actions does not matter. */
  readonly action: Match;
  readonly resource: Match;
  readonly condition: Condition;
  /** Absent in identity policies. */
  readonly principals?: Principals & { readonly negated: boolean };
}

const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];
const VERSIONS = ["2012-10-17", "2008-10-17"];

/** Parses the text of a policy document; throws MalformedPolicyDocument, which names what is wrong. */
export function readPolicyDocument(text: string): PolicyDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw malformed(`Syntax errors in policy: ${(error as Error).message}`);
  }
  return recordOf(document, "the document") as unknown as PolicyDocument;
}

/** Compiles the statements of a document. */
export function compilePolicy(document: PolicyDocument, kind: PolicyKind): Statement[] {
  refuseOthers(document, DOCUMENT_ELEMENTS, "document");
  if (document.Version !== undefined && !VERSIONS.includes(document.Version)) {
    throw malformed(`The policy's Version "${document.Version}" must be ${VERSIONS.join(" or ")}`);
  }
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  if (statements.length === 0) throw malformed("Syntax errors in policy: Statement is empty");
  checkSids(statements, kind);
  return statements.map((statement) => compileStatement(recordOf(statement, "Statement"), kind));
}

function compileStatement(statement: Record<string, unknown>, kind: PolicyKind): Statement {
  refuseOthers(statement, STATEMENT_ELEMENTS, "statement");
  const { Effect: effect } = statement;
  if (effect !== "Allow" && effect !== "Deny") {
    throw malformed(`Syntax errors in policy: Effect must be "Allow" or "Deny", not ${JSON.stringify(effect)}`);
  }
  return {
    effect,
    action: compileActions(statement, kind),
    resource: compileResources(statement, kind),
    condition: statement.Condition === undefined ? () => true : parseCondition(statement.Condition),
    principals: compilePrincipals(statement, kind),
  };
}

function compileActions(statement: Record<string, unknown>, kind: PolicyKind): Match {
  const { values, negated } = either(statement, "Action", "NotAction", "Policy statement must contain actions.");
  const globs = values.map((action) => {
    if (action !== "*" && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      throw malformed(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc., not "${action}"`);
    }
    if (kind === "trust" && !/^sts:/i.test(action)) {
      throw malformed(`AssumeRole policy may only specify STS AssumeRole actions, not "${action}"`);
    }
    return createGlob(action.toLowerCase());
  });
  return (action) => globs.some((glob) => glob(action)) !== negated;
}

function compileResources(statement: Record<string, unknown>, kind: PolicyKind): Match {
  if (kind === "trust") {
    const prohibited = ["Resource", "NotResource"].find((element) => element in statement);
    if (prohibited !== undefined) throw malformed(`Has prohibited field ${prohibited}`);
    return () => true;
  }
  const { values, negated } = either(statement, "Resource", "NotResource", "Policy statement must contain resources.");
  const globs = values.map((resource) => {
    if (resource !== "*" && !isArn(resource)) {
      throw malformed(`Resource ${resource} must be in ARN format or "*".`);
    }
    if (/^arn:[^:]*:[^:]*[*?]/.test(resource)) {
      throw malformed(`Resource vendor must be fully qualified and cannot contain regexes: ${resource}`);
    }
    return createArnGlob(resource);
  });
  return (resource) => globs.some((glob) => glob(resource)) !== negated;
}

function compilePrincipals(statement: Record<string, unknown>, kind: PolicyKind): Statement["principals"] {
  const elements = ["Principal", "NotPrincipal"].filter((element) => element in statement);
  if (kind === "identity") {
    if (elements.length > 0) throw malformed("Policy document should not specify a principal.");
    return undefined;
  }
  const [element] = elements;
  if (element === undefined || elements.length > 1) throw malformed("Missing required field Principal");
  return { ...parsePrincipals(statement[element], element), negated: element === "NotPrincipal" };
}

/** The values of an element or of its negation, of which a statement has exactly one. */
function either(statement: Record<string, unknown>, element: string, negation: string, missing: string) {
  const negated = negation in statement;
  const value = negated ? statement[negation] : statement[element];
  if (value === undefined) throw malformed(missing);
  if (negated && element in statement) {
    throw malformed(`Syntax errors in policy: a statement has both ${element} and ${negation}`);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw malformed(missing);
  return {
    negated,
    values: values.map((entry) => {
      if (typeof entry !== "string") throw malformed(`Syntax errors in policy: ${element} must be a text or a list`);
      if (entry.includes("${")) throw malformed(variableMessage(entry));
      return entry;
    }),
  };
}

function checkSids(statements: readonly unknown[], kind: PolicyKind): void {
  const sids = statements.map((statement) => recordOf(statement, "Statement").Sid).filter((sid) => sid !== undefined);
  for (const sid of sids) {
    if (typeof sid !== "string") throw malformed("Syntax errors in policy: Sid must be a text");
    if (kind !== "resource" && !/^[A-Za-z0-9]*$/.test(sid)) {
      throw malformed(
        `Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*: ${sid}`,
      );
    }
  }
  const repeated = sids.find((sid, index) => sid !== "" && sids.indexOf(sid) !== index);
  if (repeated !== undefined) {
    throw malformed(`Statement IDs (SID) in a single policy must be unique: ${repeated}`);
  }
}

function refuseOthers(value: object, known: readonly string[], name: string): void {
  const unexpected = Object.keys(value).find((element) => !known.includes(element));
  if (unexpected !== undefined) {
    throw malformed(`Syntax errors in policy: unknown ${name} element "${unexpected}"; allowed: ${known.join(", ")}`);
  }
}

function recordOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`Syntax errors in policy: ${name} must be an object`);
  }
  return value as Record<string, unknown>;
}
