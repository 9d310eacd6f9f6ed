export { BareMember, found, join, joinSharing, makeInvite } from "./bare-member.ts";
