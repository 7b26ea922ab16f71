// Conditions as dynalite evaluates them, made sound: where an operand is missing or of a type that cannot be compared,
// DynamoDB takes the comparison for false, while dynalite throws or takes it for true. Rewritten are only the parsed
// expressions; the evaluation stays dynalite's.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html

import { AwsError } from "../aws-error";

/** A path such as `["a", "b", 0]`, an attribute value, or a node. */
type Operand = readonly (string | number)[] | Readonly<Record<string, unknown>> | Expression;

/** A node of dynalite's parse tree; `type` is an operator, a connective or "function". */
export interface Expression {
  readonly type: string;
  readonly name?: string;
  readonly args: readonly Operand[];
}

/** Rewrites a parsed condition or filter. */
export function makeSound(expression: Expression): Expression {
  const { type, name, args } = expression;
  const [first, ...others] = args as [Operand, ...Operand[]];
  switch (type) {
    case "and":
    case "or":
    case "not":
      return { ...expression, args: (args as Expression[]).map(makeSound) };
    case "between":
      return all([compare(">=", first, others[0] as Operand), compare("<=", first, others[1] as Operand)]);
    case "in":
      return others.map((other) => compare("=", first, other)).reduce((a, b) => ({ type: "or", args: [a, b] }));
    case "function":
      return name === "begins_with" ? all([isText(first), expression]) : expression;
    default:
      return compare(type, first, others[0] as Operand);
  }
}

/** A comparison that is false unless both operands are there; only `<>` holds for a missing attribute. */
function compare(type: string, a: Operand, b: Operand): Expression {
  refuseDocuments(type, [a, b]);
  const comparison: Expression = { type, args: [a, b] };
  if (type === "<>") return comparison;
  return all([...[a, b].filter((operand) => !isValue(operand)).map(exists), comparison]);
}

const exists = (operand: Operand): Expression => ({ type: "function", name: "attribute_exists", args: [operand] });

const isText = (operand: Operand): Expression => ({ type: "or", args: [hasType(operand, "S"), hasType(operand, "B")] });

const hasType = (operand: Operand, type: string): Expression => ({
  type: "function",
  name: "attribute_type",
  args: [operand, { S: type }],
});

const all = (expressions: readonly Expression[]): Expression =>
  expressions.reduce((a, b) => ({ type: "and", args: [a, b] }));

const isValue = (operand: Operand): boolean => !Array.isArray(operand) && !("type" in operand);

/** dynalite compares lists and maps by identity, which would always be false. */
function refuseDocuments(type: string, operands: readonly Operand[]): void {
  const document = operands.find((operand) => isValue(operand) && ("L" in operand || "M" in operand));
  if (document === undefined) return;
  throw new AwsError(
    "ValidationException",
    `The embedded AWS cannot compare lists and maps: ${type} was given ${JSON.stringify(document)}`,
  );
}
