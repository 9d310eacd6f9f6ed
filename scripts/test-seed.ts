// Loaded before each test file by the test pool: properties draw from the seed of the run, as every other random course does.
import fc from "fast-check";
import { seedOfRun } from "../packages/testkit/src/seeded-numbers.ts";

fc.configureGlobal({ seed: seedOfRun() });
