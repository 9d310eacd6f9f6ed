import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { createContext, Script } from "node:vm";
import { MeshError } from "@claudemesh/protocol";
import { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";
import type { Inputs } from "./inputs.ts";
import { count, seed } from "./numbers.ts";

/** The longest that one input may take, in milliseconds: several times what the largest takes on a busy machine, and far below what a quadratic parser would. */
const slowMs = 400;
/** A parser that is this long at a stretch of inputs hangs, in milliseconds. */
const hangMs = 20_000;
const stretch = 200;
const mostFindings = 3;

export interface Parser<T> {
  readonly name: string;
  readonly inputs: Inputs<T>;
  readonly parse: (input: T) => unknown;
  /** for a parser that tells of bad input in its answer: which answers are good ones; it may not throw at all */
  readonly accepts?: (answer: unknown) => boolean;
}

export interface Course {
  readonly accepted: number;
  readonly refused: number;
  readonly slowestMs: number;
  /** what was not a value or a MeshError in time, with the number of its input */
  readonly findings: readonly string[];
}

/** Gives a parser `inputs` many inputs; input `i` depends on the seed and `i` alone. */
export function hunt<T>(
  parser: Parser<T>,
  from: number,
  inputs: number,
  patience = hangMs,
): Course {
  const course = { accepted: 0, refused: 0, slowestMs: 0, findings: [] as string[] };
  let index = 0;
  const goOn = (): void => {
    const end = Math.min(inputs, index + stretch);
    for (; index < end && course.findings.length < mostFindings; index++) {
      tryInput(parser, from, index, course);
    }
  };
  const context = createContext({ goOn });
  const script = new Script("goOn()");
  while (index < inputs && course.findings.length < mostFindings) {
    try {
      // Only a script of its own can be stopped from outside while it computes.
      script.runInContext(context, { timeout: patience });
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      course.findings.push(`input ${index}: no answer within ${patience} ms`);
      index++;
    }
  }
  return course;
}

type Tally = { -readonly [K in keyof Course]: Course[K] } & { findings: string[] };

function tryInput<T>(parser: Parser<T>, from: number, index: number, course: Tally): void {
  const input = parser.inputs(new SeededNumbers(from + Math.imul(index, 0x9e3779b9)));
  const complain = (what: string) =>
    course.findings.push(`input ${index}: ${what}; given ${shown(input)}`);
  const first = timed(parser, input);
  if ("answer" in first) {
    if (first.answer instanceof Promise) {
      first.answer.catch(() => {});
      complain("answered with a promise");
    }
    if (parser.accepts?.(first.answer) ?? true) course.accepted++;
    else course.refused++;
  } else if (parser.accepts === undefined && first.thrown instanceof MeshError) course.refused++;
  else complain(`threw ${shown(first.thrown)}`);
  let { ms } = first;
  // The machine may have been busy elsewhere: what is slow is slow again, by the time that this thread itself computed.
  for (let again = 0; ms > slowMs && again < 2; again++) {
    const before = process.threadCpuUsage();
    timed(parser, input);
    const { user, system } = process.threadCpuUsage(before);
    ms = Math.min(ms, (user + system) / 1_000);
  }
  if (ms > slowMs) complain(`took ${Math.round(ms)} ms`);
  course.slowestMs = Math.max(course.slowestMs, ms);
}

type Outcome = { readonly ms: number } & (
  | { readonly answer: unknown }
  | { readonly thrown: unknown }
);

function timed<T>(parser: Parser<T>, input: T): Outcome {
  const start = performance.now();
  try {
    const answer = parser.parse(input);
    return { answer, ms: performance.now() - start };
  } catch (thrown) {
    return { thrown, ms: performance.now() - start };
  }
}

const shown = (value: unknown): string =>
  inspect(value, { depth: 6, breakLength: Infinity, maxStringLength: 200 }).slice(0, 800);

/** A test that the parser answers every input with a value or a `MeshError`, in time, and that the inputs hold both good and bad ones. */
export function fuzz<T>(parser: Parser<T>): void {
  test(`${parser.name} takes anything`, (t) => {
    const course = hunt(parser, seed, count);
    const { accepted, refused, slowestMs, findings } = course;
    t.diagnostic(
      `SEED=${seed} ${parser.name}: ${accepted} accepted, ${refused} refused, slowest ${slowestMs.toFixed(1)} ms`,
    );
    assert.deepEqual(findings, [], `${parser.name}: repeat with SEED=${seed} FUZZ=${count}`);
    assert.ok(
      accepted > 0 && refused > 0,
      `${accepted} accepted, ${refused} refused, SEED=${seed}`,
    );
  });
}
