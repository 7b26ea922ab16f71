// Expressions cut into tokens, and syntax errors as DynamoDB words them.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html

/** A mistake in an expression; the request's parameter is named by whoever catches it. */
export class ExpressionError extends Error {}

/** `type` is "identifier", "alias" (#name), "value" (:value), "index", "unknown", "end", or the token itself in upper case. */
export interface Token {
  readonly type: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /[ \t\r\n]*(?:([A-Za-z][A-Za-z0-9_]*)|(#\w+)|(:\w+)|(0|[1-9][0-9]*)|(<>|<=|>=|[=<>()[\],.+-])|([^ \t\r\n]))/uy;
const KEYWORDS = new Set(["AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"]);

/** Cuts an expression into tokens; the last one is its end. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, word, alias, value, index, symbol, unknown] = match;
    const found = (word ?? alias ?? value ?? index ?? symbol ?? unknown) as string;
    const end = pattern.lastIndex;
    tokens.push({ type: typeOf(match), text: found, start: end - found.length, end });
  }
  tokens.push({ type: "end", text: "<EOF>", start: text.length, end: text.length });
  return tokens;
}

function typeOf([, word, alias, value, index, symbol]: RegExpExecArray): string {
  if (word !== undefined) return KEYWORDS.has(word.toUpperCase()) ? word.toUpperCase() : "identifier";
  if (alias !== undefined) return "alias";
  if (value !== undefined) return "value";
  if (index !== undefined) return "index";
  return symbol ?? "unknown";
}

/** The error at a token: DynamoDB shows it with its neighbours. */
export function syntaxError(text: string, tokens: readonly Token[], at: number): ExpressionError {
  const token = tokens[at] as Token;
  const near = text.slice(tokens[at - 1]?.start ?? 0, tokens[at + 1]?.end ?? token.end);
  return new ExpressionError(`Syntax error; token: "${token.text}", near: "${near}"`);
}
