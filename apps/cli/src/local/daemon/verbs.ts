import type { ErrorCode } from "@claudemesh/protocol";
import type { Field } from "../../runner/field.ts";
import type { LocalName, Verb } from "../../runner/verb.ts";

const verb = (
  name: string,
  summary: string,
  more: { readonly fields?: readonly Field[]; readonly errors?: readonly ErrorCode[] } = {},
): Verb => ({
  words: `daemon ${name}`,
  aliases: [],
  summary,
  args: [],
  fields: more.fields ?? [],
  errors: more.errors ?? [],
  does: { local: `daemon-${name}` as LocalName },
});

const starting = { errors: ["in_use", "unavailable"] } as const;

const isUntried = "untried: enabling, and the forms for launchd and Windows";

/** Verbs about the daemon of this home. */
export const daemonVerbs: readonly Verb[] = [
  verb("install-service", "Have the daemon started at login", {
    fields: [
      {
        name: "enable",
        flag: "enable",
        kind: "boolean",
        required: false,
        description: `enable it now, --no-enable only writes it (${isUntried})`,
        default: true,
      },
    ],
    errors: ["not_writable"],
  }),
  verb("logs", "Show what the daemon wrote to its log", {
    fields: [
      {
        name: "follow",
        flag: "follow",
        kind: "boolean",
        required: false,
        description: "go on showing what comes, until Ctrl-C",
      },
      {
        name: "lines",
        flag: "lines",
        kind: "number",
        required: false,
        description: "lines to show, the last ones",
        default: 50,
      },
    ],
  }),
  verb("restart", "Stop the daemon and start it again", starting),
  verb("run", "Run the daemon in this terminal until Ctrl-C", starting),
  verb("start", "Start the daemon, unless it runs", starting),
  verb("status", "Show whether the daemon runs, and how each mesh stands"),
  verb("stop", "Stop the daemon; the next verb starts it again", { errors: ["unavailable"] }),
  verb("uninstall-service", "Have the daemon not started at login any more", {
    errors: ["not_writable"],
  }),
];
