import { compile, TreeInterpreter } from "@jmespath-community/jmespath";
import { Budget, BudgetError } from "./mapping-budget.ts";

type Interpreter = typeof TreeInterpreter;
export type Parsed = ReturnType<typeof compile>;
type Value = Parameters<Interpreter["visit"]>[1];
type Answer = ReturnType<Interpreter["visit"]>;
type Comparator = Extract<Parsed, { type: "Comparator" }>;

/** Left out: what makes texts of any length out of a number, and what takes texts of a record for names. */
const functions = new Set([
  ...["abs", "avg", "ceil", "contains", "ends_with", "find_first", "find_last", "floor", "from_items"],
  ...["items", "join", "keys", "length", "lower", "map", "max", "max_by", "merge", "min", "min_by"],
  ...["not_null", "replace", "reverse", "sort", "sort_by", "split", "starts_with", "sum", "to_array"],
  ...["to_number", "to_string", "trim", "trim_left", "trim_right", "type", "upper", "values", "zip"],
]);
const longestText = 1_000_000;

/** Nodes whose value is made and not found. */
const building = new Set<Parsed["type"]>([
  ...(["Slice", "Projection", "ValueProjection", "FilterProjection", "Flatten", "Function"] as const),
  ...(["MultiSelectList", "MultiSelectHash", "Arithmetic"] as const),
]);

/** @throws Error saying what is wrong with the expression */
export function parseExpression(expression: string): Parsed {
  const parsed = compile(expression);
  const nodes: unknown[] = [parsed];
  for (const node of nodes) {
    if (typeof node !== "object" || node === null) continue;
    const { type, name, ...parts } = fieldsOf(node);
    // What stands in a literal is data.
    if (type === "Literal") continue;
    if (type === "LetExpression" || type === "Variable") throw new Error("let and variables are not taken");
    if (type === "Function" && !functions.has(String(name))) {
      throw new Error(`the function ${String(name).slice(0, 64)} is not taken`);
    }
    nodes.push(...Object.values(parts).flat());
  }
  return parsed;
}

/** The one place where a node is looked at as a plain object: only names of its own parts are read. */
function fieldsOf(node: object): { type?: unknown; name?: unknown } & Record<string, unknown> {
  return { ...node };
}

/** The library hands out an instance and not the class it is of. */
const LibraryInterpreter = TreeInterpreter.constructor as new () => Interpreter;

class BoundedInterpreter extends LibraryInterpreter {
  private root: Value = null;
  private readonly budget: Budget;

  constructor(budget: Budget) {
    super();
    this.budget = budget;
    const { runtime } = this;
    const call = runtime.callFunction.bind(runtime);
    runtime.callFunction = (name, given) => {
      requireShortResult(name, given);
      for (const value of given) budget.spendOn(value);
      return call(name, given);
    };
  }

  evaluate(parsed: Parsed, value: Value, root: Value): Answer {
    this.root = root;
    return this.visit(parsed, value);
  }

  override visit(node: Parsed, value: Value): Answer {
    this.budget.spend(1);
    if (node.type === "Root") return this.root;
    // The library also finds what every object inherits.
    if (node.type === "Field" && !hasOwn(value, node.name)) return null;
    if (node.type === "Comparator") return this.compare(node, value);
    const answer = super.visit(node, value);
    if (building.has(node.type)) this.budget.spendOn(answer);
    return answer;
  }

  /** Two values are compared to their last leaf. */
  private compare(node: Comparator, value: Value): Answer {
    const left = this.literal(this.visit(node.left, value));
    const right = this.literal(this.visit(node.right, value));
    return super.visit({ ...node, left, right }, value);
  }

  private literal(value: Answer): Parsed {
    this.budget.spendOn(value);
    return { type: "Literal", value: jsonOf(value) };
  }
}

/** References to expressions are arguments of functions only and cannot be compared. */
function jsonOf(value: Answer): Extract<Parsed, { type: "Literal" }>["value"] {
  return value as Extract<Parsed, { type: "Literal" }>["value"];
}

function hasOwn(value: Value, name: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name);
}

/** These multiply the lengths of what they are given. */
function requireShortResult(name: string, given: readonly unknown[]): void {
  const factors = { replace: [given[0], given[2]], join: [given[0], given[1]] }[name] ?? [];
  const length = factors.reduce<number>((product, value) => product * lengthOf(value), 1);
  if (length > longestText) throw new BudgetError(`${name} would make a text that is too long`);
}

function lengthOf(value: unknown): number {
  return typeof value === "string" || Array.isArray(value) ? value.length : 0;
}

/** Evaluates expressions on one record after another, within a budget that `start` gives for each. */
export interface Evaluator {
  start(record: unknown): void;
  /** @throws Error in a sentence; null when there is nothing */
  evaluate(parsed: Parsed, value: unknown, root: unknown): unknown;
}

export function createEvaluator(): Evaluator {
  const budget = new Budget();
  const interpreter = new BoundedInterpreter(budget);
  return {
    start: (record) => budget.start(record),
    evaluate: (parsed, value, root) => interpreter.evaluate(parsed, jsonValue(value), jsonValue(root)),
  };
}

/** Whatever comes out of JSON.parse, or out of an expression on it. */
function jsonValue(value: unknown): Value {
  return value as Value;
}
