export { brokenPromises, currentLedger, type Ledger } from "./ledger.ts";
export { referencePages } from "./reference.ts";
export { type RestRoute, restRoute } from "./rest.ts";
export { aboutTokens, type Skill, skills, unpromptedVerbs } from "./skill/index.ts";
export { type Tool, tools } from "./tools.ts";
export { edgeInputSchema, edgeOutputSchema, wireSchema } from "./view.ts";
