export { cancel } from "./cancel.ts";
export { create } from "./create.ts";
export { list } from "./list.ts";
export { tool } from "./tool.ts";
export { webhook } from "./webhook.ts";
