export { BareMember, found, join } from "./bare-member.ts";
