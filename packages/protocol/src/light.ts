// For programs that must start fast: errors and names without a schema. `index.ts` has the rest.
export { commonCodes, type ErrorCode, errorTable, MeshError } from "./errors.ts";
export { methodTree } from "./method-tree.ts";
export { edgeKinds, names } from "./names.ts";
export { SCHEMA_VERSION } from "./version.ts";
