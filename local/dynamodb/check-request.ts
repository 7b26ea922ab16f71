// A request is checked by dynalite, but for its values' numbers, its conditions and its expressions.

import { translating } from "./dynalite-error";
import { checkLegacyConditions } from "./expressions/check-legacy";
import { compile, type Expressions, type Parameters } from "./expressions/compile";
import type { LegacyCondition } from "./expressions/legacy";
import { ExpressionError } from "./expressions/tokens";
import { refuseUnknown, type Types } from "./known-parameters";
import { normalizeNumbers, refuseNulls, refuseUnkeepable } from "./request-values";
import type { AttributeValue } from "./types";

/** A request after dynalite's checks: unknown members gone, numbers normalised, expressions compiled. */
export type CheckedRequest = Readonly<Record<string, unknown>>;

/** The compiled expressions of a checked request. */
export const expressionsOf = (request: object): Expressions => (request as { [EXPRESSIONS]: Expressions })[EXPRESSIONS];

const EXPRESSIONS = Symbol("expressions");

interface Validations {
  validateAttributeValue(value: AttributeValue): string | undefined;
  validateConditions(conditions: Readonly<Record<string, LegacyCondition>> | undefined): string | undefined;
  validateExpressions(request: Parameters): string | undefined;
  checkTypes(data: unknown, types: Types): Record<string, unknown>;
  checkValidations(data: unknown, types: Types, custom?: (request: unknown) => string | undefined): void;
}

/** Checks a request against a description of its parameters, then against a check of the operation's own. */
export function checkRequest(
  operation: string,
  input: Record<string, unknown>,
  types: Types,
  custom?: (request: unknown) => string | undefined,
): CheckedRequest {
  const { checkTypes, checkValidations } = loadValidations();
  refuseUnkeepable(input);
  refuseUnknown(operation, input, types);
  return translating(() => {
    const request = checkTypes(input, types);
    refuseNulls(request);
    normalizeNumbers(request);
    checkValidations(request, types, custom);
    return request;
  });
}

let validations: Validations | undefined;

/** Once: to resolve the module each time took a third of a millisecond of each request. */
function loadValidations(): Validations {
  validations ??= withOwnExpressions(require("dynalite/validations") as Validations);
  return validations;
}

/**
 * dynalite's checks of each operation call these of all conditions and expressions in their midst. Its own parser takes
 * exponential time, and its results differ from DynamoDB's.
 */
function withOwnExpressions(dynalite: Validations): Validations {
  const { validateAttributeValue: problemOf } = dynalite;
  dynalite.validateConditions = (conditions = {}) => {
    const values = Object.values(conditions).flatMap((condition) => condition.AttributeValueList ?? []);
    for (const value of values) {
      const problem = problemOf(value);
      if (problem !== undefined) return problem;
    }
    return messageOf(() => checkLegacyConditions(conditions));
  };
  dynalite.validateExpressions = (request) =>
    messageOf(() => {
      const expressions = compile(request, problemOf);
      const { keyConditions } = expressions;
      Object.assign(request, { [EXPRESSIONS]: expressions }, keyConditions && { KeyConditions: keyConditions });
    });
  return dynalite;
}

/** Runs a check, and returns what it refuses as dynalite's checks do. */
export function messageOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
