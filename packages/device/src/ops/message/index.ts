export { inbox } from "./inbox.ts";
export { send } from "./send.ts";
export { status } from "./status.ts";
export { why } from "./why.ts";
