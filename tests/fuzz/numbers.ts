import { type SeededNumbers, seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";

/** The seed of this run; `SEED` repeats an earlier one. */
export const seed = seedOfRun();

/** Inputs per parser, from `FUZZ`. */
export const count = Number(process.env.FUZZ ?? 2_000);

export const oneOf = <T>(numbers: SeededNumbers, choices: readonly T[]): T =>
  choices[numbers.next(choices.length)] as T;

/** True once in `times`. */
export const rarely = (numbers: SeededNumbers, times: number): boolean => numbers.next(times) === 0;
