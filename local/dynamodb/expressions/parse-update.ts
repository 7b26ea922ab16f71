// UpdateExpression: its sections and their actions, in the order they are written.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html

import { checkUpdateFunctions } from "./check-functions";
import { type Cursor, createCursor } from "./cursor";
import type { Action, Operand, Section } from "./syntax";
import { ExpressionError } from "./tokens";

const SECTIONS: readonly string[] = ["SET", "REMOVE", "ADD", "DELETE"];

/** Parses an update. */
export function parseUpdate(text: string): readonly Action[] {
  const cursor = createCursor(text);
  const sections: { section: Section; actions: Action[] }[] = [];
  do {
    if (!SECTIONS.includes(cursor.type())) cursor.fail();
    const section = cursor.next().type as Section;
    sections.push({ section, actions: cursor.list(() => action(section, cursor)) });
  } while (!cursor.is("end"));
  cursor.end();
  cursor.refuseSteps();

  const actions = sections.flatMap((each) => each.actions);
  checkUpdateFunctions(actions);
  const seen = new Set<Section>();
  for (const { section } of sections) {
    if (seen.has(section)) {
      throw new ExpressionError(`The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
  }
  return actions;
}

function action(section: Section, cursor: Cursor): Action {
  const path = cursor.path();
  if (section === "REMOVE") return { section, path };
  if (section === "SET") {
    cursor.expect("=");
    return { section, path, value: setValue(cursor).node };
  }
  return { section, path, value: { type: "value", name: cursor.expect("value").text } };
}

/** An operand, or the sum or difference of two, which may stand in parentheses as a whole. */
function setValue(cursor: Cursor): { node: Operand; bare: boolean } {
  const bare = !cursor.is("(");
  const left = bare ? cursor.operand() : cursor.parenthesized(() => setValue(cursor));
  if (!cursor.is("+") && !cursor.is("-")) return { node: left, bare };
  if (left.type === "arithmetic") cursor.fail();
  const operator = cursor.next().type as "+" | "-";
  return { node: { type: "arithmetic", operator, left, right: cursor.operand() }, bare: true };
}
