export { Attacker } from "./attacker.ts";
export { EvilBroker } from "./evil-broker.ts";
export { type Facts, type Lie, type LieFamily, plain, type Seen, type Told } from "./lie.ts";
export {
  connectionLies,
  deviceLies,
  families,
  joinLies,
  keyLies,
  memberLies,
  messageLies,
  sharedLies,
} from "./lies/index.ts";
export { liesPage } from "./lies-page.ts";
export type { Newcomer, OpenedSession, Person, Stage } from "./stage.ts";
export { tryLie } from "./try-lie.ts";
