// Sums of numbers and of sets.

import { AwsError } from "../../aws-error";
import type { AttributeValue } from "../types";
import { addNumbers, NumberError, subtractNumbers } from "./numbers";
import { membersOf, typeOf } from "./values";

/** The sum or difference of two numbers; throws an AwsError when DynamoDB cannot keep it. */
export function sum(a: AttributeValue, b: AttributeValue, operator: "+" | "-"): AttributeValue {
  const calculate = operator === "+" ? addNumbers : subtractNumbers;
  try {
    return { N: calculate(a.N as string, b.N as string) };
  } catch (error) {
    throw error instanceof NumberError ? new AwsError("ValidationException", error.message) : error;
  }
}

/** All members of two sets of one type. */
export const union = (a: AttributeValue, b: AttributeValue): AttributeValue => ({
  [typeOf(a)]: [...new Set([...membersOf(a), ...membersOf(b)])],
});

/** The members of a set that another of its type does not have; undefined when none are left, as no set is empty. */
export function difference(a: AttributeValue, b: AttributeValue): AttributeValue | undefined {
  const taken = new Set(membersOf(b));
  const left = membersOf(a).filter((each) => !taken.has(each));
  return left.length === 0 ? undefined : { [typeOf(a)]: left };
}
