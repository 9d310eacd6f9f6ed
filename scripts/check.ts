// The quick loop: everything that needs no socket and no process.
import { checkSteps } from "./check-steps.ts";
import { nodeTests, unitTests } from "./node-tests.ts";

await checkSteps();
await nodeTests("unit and architecture tests", [...unitTests, "tests/architecture/*.test.ts"]);
