// Everything: the checks, then every test in one run.
import { checkSteps } from "./check-steps.ts";
import { nodeTests, unitTests } from "./node-tests.ts";

await checkSteps();
await nodeTests("all tests", [...unitTests, "tests/**/*.test.ts"]);
