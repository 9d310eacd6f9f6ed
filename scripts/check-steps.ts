import { step } from "./run.ts";

/** What must hold before any test is worth running: format, lint, types, nothing unused, nothing stale. */
export async function checkSteps(): Promise<void> {
  await step("format and lint", "biome", ["ci", "--error-on-warnings", "."]);
  await step("types", "tsc", ["-p", "."]);
  await step("unused code", "knip", []);
  await step("generated files", "node", ["scripts/gen.ts", "--check"]);
}
