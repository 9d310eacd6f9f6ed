// The plugin's hook: gives the answer that TINY_HOOKS names for the event.
import { json } from "node:stream/consumers";

export interface HookAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: number;
  /** at Stop: also when a hook has kept the turn going already */
  readonly always?: boolean;
  /** only for an event whose JSON contains this text */
  readonly when?: string;
}

const event = (await json(process.stdin)) as Record<string, unknown>;
const answers = JSON.parse(process.env.TINY_HOOKS ?? "{}") as Record<string, HookAnswer>;
const answer = answers[String(event.hook_event_name)];
const wanted = JSON.stringify(event).includes(answer?.when ?? "");
if (answer !== undefined && wanted && (answer.always || event.stop_hook_active !== true)) {
  process.stdout.write(answer.stdout ?? "");
  process.stderr.write(answer.stderr ?? "");
  process.exitCode = answer.exit ?? 0;
}
