import type { LieFamily } from "../lie.ts";
import { alteredMessages } from "./altered-messages.ts";
import { connecting } from "./connecting.ts";
import { cursorGames } from "./cursors.ts";
import { deviceGames } from "./devices.ts";
import { counterGames, forgedMessages } from "./forged-messages.ts";
import { grantGames } from "./grants.ts";
import { joiningGames, leakedCode } from "./joining.ts";
import { keyGames } from "./keys.ts";
import { lostMessages, replayed } from "./lost-messages.ts";
import { names } from "./names.ts";
import { receiptGames } from "./receipts.ts";
import { recordGames } from "./records.ts";
import { removals } from "./removals.ts";
import { forgedActs, ghostMembers, rosterHeads } from "./roster.ts";
import { sendingGames } from "./sending.ts";
import { sessionGames } from "./sessions.ts";
import { sharedMessages } from "./shared-messages.ts";
import { splitViews } from "./split-views.ts";
import { topicGames } from "./topics.ts";
import { typeConfusion } from "./type-confusion.ts";

/** Lies about messages and receipts. */
export const messageLies: readonly LieFamily[] = [
  alteredMessages,
  forgedMessages,
  counterGames,
  replayed,
  lostMessages,
  receiptGames,
  typeConfusion,
];

/** Lies about messages to many. */
export const sharedLies: readonly LieFamily[] = [sharedMessages, topicGames];

/** Lies about who is in the mesh. */
export const memberLies: readonly LieFamily[] = [
  ghostMembers,
  forgedActs,
  rosterHeads,
  splitViews,
  names,
  sessionGames,
  grantGames,
  removals,
];

/** Lies about the keys of what goes to many. */
export const keyLies: readonly LieFamily[] = [keyGames];

/** Lies about the devices of one person. */
export const deviceLies: readonly LieFamily[] = [deviceGames, recordGames];

/** Lies to who joins. */
export const joinLies: readonly LieFamily[] = [joiningGames, leakedCode];

/** Lies about sending and on the connection. */
export const connectionLies: readonly LieFamily[] = [sendingGames, connecting, cursorGames];

/** Every lie that is told in the tests, by family. */
export const families: readonly LieFamily[] = [
  ...messageLies,
  ...sharedLies,
  ...memberLies,
  ...keyLies,
  ...deviceLies,
  ...joinLies,
  ...connectionLies,
];
