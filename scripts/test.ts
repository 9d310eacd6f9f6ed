// Everything: the checks, then every test in one run.
import { join } from "node:path";
import { checkSteps } from "./check-steps.ts";
import { nodeTests, unitTests } from "./node-tests.ts";
import { root, step } from "./run.ts";

await checkSteps();
// The programs that tests start are the published ones: they are what people run, and start in half the time.
const bundle = join(root, "node_modules/.cache/cli");
await step("bundle", "node", ["scripts/bundle.ts", "--out", bundle]);
process.env.TEST_PROGRAMS = bundle;
await nodeTests("all tests", [...unitTests, "tests/**/*.test.ts"]);
