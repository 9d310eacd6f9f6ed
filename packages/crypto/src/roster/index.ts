export {
  buildGenesis,
  buildJoin,
  type EntryAuthor,
  type GenesisInput,
  type JoinInput,
  nextEntry,
} from "./build.ts";
export {
  checkpointAt,
  homeCheckpointKey,
  isOwnCheckpoint,
  type RosterCheckpoint,
} from "./checkpoint.ts";
export {
  entryHash,
  memberIdOf,
  meshIdOf,
  parseEntry,
  signEntry,
  type UnsignedEntry,
} from "./entry.ts";
export { compareHead, type HeadPlace, requireExtends } from "./fork.ts";
export type { KeyPlace, RosterEpoch } from "./key-epochs.ts";
export type { TrustEnd } from "./key-history.ts";
export { type ActEntry, mayAppend } from "./may-append.ts";
export { inviteExpired, inviteUsable, type Member, type RosterInvite } from "./member.ts";
export {
  type ActType,
  authorRules,
  type EffectivePermissions,
  hasPermission,
  isAbove,
  mayInviteAs,
  permissionsOf,
  permissionTable,
  roleRank,
} from "./permissions.ts";
export type { Refusal, RefusalReason, RosterFacts } from "./refusal.ts";
export { Roster } from "./roster.ts";
export type { RosterTopic, TopicKeyVersion } from "./topic.ts";
export { isOwnVouched, type Vouched, type VouchedNote, vouchedNote } from "./vouched.ts";
