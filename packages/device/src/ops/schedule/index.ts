export { cancel } from "./cancel.ts";
export { create } from "./create.ts";
export { list } from "./list.ts";
export { webhook } from "./webhook.ts";
