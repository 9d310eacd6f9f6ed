import { sha256, toHex, utf8 } from "@claudemesh/crypto";
import { init } from "./migrations/0001-init.ts";
import { sessions } from "./migrations/0002-sessions.ts";
import { guards } from "./migrations/0003-guards.ts";
import { handOver } from "./migrations/0004-hand-over.ts";
import { rooms } from "./migrations/0005-rooms.ts";
import { topics } from "./migrations/0006-topics.ts";
import { keys } from "./migrations/0007-keys.ts";
import { trust } from "./migrations/0008-trust.ts";
import { devices } from "./migrations/0009-devices.ts";
import { roomsFinish } from "./migrations/0010-rooms-finish.ts";
import { plain } from "./migrations/0011-plain.ts";
import { restore } from "./migrations/0012-restore.ts";
import { records } from "./migrations/0013-records.ts";
import { files } from "./migrations/0014-files.ts";
import { skills } from "./migrations/0016-skills.ts";
import { checkpoints } from "./migrations/0017-checkpoints.ts";
import { vouched } from "./migrations/0018-vouched.ts";
import { dueCalls } from "./migrations/0021-due-calls.ts";

/** One numbered, forward-only step of the home's schema. Its SQL is text in a module, so that a bundle carries it. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In the order of their numbers. */
export const migrations: readonly Migration[] = [
  { name: "0001-init", sql: init },
  { name: "0002-sessions", sql: sessions },
  { name: "0003-guards", sql: guards },
  { name: "0004-hand-over", sql: handOver },
  { name: "0005-rooms", sql: rooms },
  { name: "0006-topics", sql: topics },
  { name: "0007-keys", sql: keys },
  { name: "0008-trust", sql: trust },
  { name: "0009-devices", sql: devices },
  { name: "0010-rooms-finish", sql: roomsFinish },
  { name: "0011-plain", sql: plain },
  { name: "0012-restore", sql: restore },
  { name: "0013-records", sql: records },
  { name: "0014-files", sql: files },
  { name: "0016-skills", sql: skills },
  { name: "0017-checkpoints", sql: checkpoints },
  { name: "0018-vouched", sql: vouched },
  { name: "0021-due-calls", sql: dueCalls },
];

/** SHA-256 of a migration's SQL as hex, by which an edited one is noticed. */
export const migrationHash = ({ sql }: Migration): string => toHex(sha256(utf8(sql)));
