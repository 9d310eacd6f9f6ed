export { type RestRoute, restRoute } from "../rest.ts";
export { brokenPromises, currentLedger, type Ledger } from "./ledger.ts";
export { openApi } from "./openapi.ts";
export { referencePages } from "./reference.ts";
export { aboutTokens, type Skill, skills, unpromptedVerbs } from "./skill/index.ts";
export { type Tool, tools } from "./tools.ts";
export { edgeInputSchema, edgeOutputSchema, wireSchema } from "./view.ts";
