import type { Field } from "../runner/field.ts";
import type { Verb } from "../runner/verb.ts";
import { agentVerbs } from "./agent/verbs.ts";
import { agentSideVerbs } from "./agent-side/verbs.ts";
import { auditVerbs } from "./audit/verbs.ts";
import { backupVerbs } from "./backup/verbs.ts";
import { brokerFields, listeningFields } from "./broker/fields.ts";
import { brokerVerbs } from "./broker/verbs.ts";
import { daemonVerbs } from "./daemon/verbs.ts";
import { deviceLinkVerb } from "./device/verb.ts";
import { skillVerbs } from "./skill/verbs.ts";
import { streamSubscribeVerb } from "./stream/verb.ts";
import { vaultSetVerb } from "./vault/verb.ts";

const text = (name: string, flag: string, description: string, fallback?: unknown): Field => ({
  name,
  flag,
  kind: "text",
  required: false,
  description,
  ...(fallback === undefined ? {} : { default: fallback }),
});

/** Verbs with no operation behind them; those of an agent's program stand beside them. */
export const localVerbs: readonly Verb[] = [
  ...agentVerbs,
  ...agentSideVerbs,
  ...auditVerbs,
  ...backupVerbs,
  ...brokerVerbs,
  ...daemonVerbs,
  deviceLinkVerb,
  ...skillVerbs,
  streamSubscribeVerb,
  vaultSetVerb,
  {
    words: "broker start",
    aliases: [],
    summary: "Start only the broker",
    args: [],
    fields: [
      ...brokerFields,
      {
        name: "untilStdinEnds",
        flag: "until-stdin-ends",
        kind: "boolean",
        required: false,
        description: "end when standard input does, for a program that starts it",
      },
    ],
    note: "Each of these is also a variable, such as CLAUDEMESH_LOG_LEVEL for --log-level: docs/reference/config.md",
    errors: ["address_in_use", "disk_full", "in_use", "not_writable"],
    does: { local: "broker-start" },
  },
  {
    words: "help",
    aliases: [],
    summary: "Show help for a verb, or the verbs that there are",
    args: [{ field: "verb", rest: true }],
    fields: [text("verb", "verb", "verb to explain, or advanced for the rest")],
    errors: [],
    does: { local: "help" },
  },
  {
    words: "up",
    aliases: [],
    summary: "Start a broker here, with a mesh and a first invite",
    args: [],
    fields: [...listeningFields, text("name", "name", "your name in the mesh", "<user name>")],
    errors: ["address_in_use", "disk_full", "in_use", "not_writable"],
    primary: 1,
    does: { local: "up" },
  },
  {
    words: "whoami",
    aliases: [],
    summary: "Show who you are in each mesh of this home",
    args: [],
    fields: [],
    errors: [],
    does: { local: "whoami" },
  },
];
