export { deadLetters } from "./dead-letters.ts";
export { inbox } from "./inbox.ts";
export { send } from "./send.ts";
export { show } from "./show.ts";
export { status } from "./status.ts";
export { why } from "./why.ts";
