import { resolve } from "node:path";
import type { Device } from "@claudemesh/device";
import type { EdgeOpName, OpenOutput } from "@claudemesh/protocol";
import { errorTable, MeshError } from "@claudemesh/protocol/light";
import { openHome } from "../device/open-home.ts";
import { checkProjection, jsonLine, jsonStream, project } from "../render/json.ts";
import { printerOf } from "../render/printers.ts";
import { isPlainlyAccepted } from "./accepts.ts";
import { confirm, confirmLoss } from "./confirm.ts";
import { patiently } from "./patience.ts";
import { progressLine } from "./progress-line.ts";
import { readStdin } from "./read-stdin.ts";
import type { Session } from "./session.ts";
import { type OperationVerb, shownAs, type Verb } from "./verb.ts";
import { whileWaiting } from "./waiting.ts";

type Input = Readonly<Record<string, unknown>>;

/** Runs an operation against this home's device and prints its answer; answers the exit code. `seen.meshes` is filled for the error's hint. */
export async function runOperation(
  verb: OperationVerb,
  typed: Input,
  session: Session,
  seen: { meshes?: number },
): Promise<number> {
  const { host, globals } = session;
  const { op } = verb.does;
  if (globals.project) checkProjection(globals.project, verb.prints, shownAs(verb));
  const input = await withDefaults(verb, typed, session);
  if (!isPlainlyAccepted(verb.accepts, input)) {
    const { validate } = await import("./validate.ts");
    validate(verb, input, host.call);
  }
  await confirm(verb, input, globals, host);
  session.detail(`home: ${host.home}`);
  const device = await openHome(host, (text) => session.note(text), globals);
  const started = host.now();
  try {
    const ask = (given: Input) =>
      untilStopped(
        whileWaiting(
          session,
          patiently(session, () => device.call(op, given as never)),
          verb.here && (() => progressLine(device, session.terminal)),
        ),
        device,
        host.signal,
      );
    const answer = await ask(input).catch(async (error: unknown) =>
      ask({ ...input, ...(await confirmLoss(verb, error, globals, host)) }),
    );
    session.detail(`answered in ${host.now() - started} ms`);
    await printAnswer(op, answer, input, session);
    if (verb.live && input.wait === undefined)
      await follow(verb, device, { input, answer }, session);
    if (session.wasRead) await untilStopped(device.confirmHandOver(), device, host.signal);
    return exitOf(verb, answer);
  } catch (error) {
    if (error instanceof MeshError && error.code === "not_found") {
      seen.meshes = (await device.api.mesh.list({})).items.length;
    }
    throw error;
  } finally {
    await device.close();
  }
}

/** An answer that says itself that it is none, such as of a probe that did not come back, has an exit code of its own. */
const exitOf = ({ failsAs }: Verb, answer: object): number =>
  failsAs !== undefined && isNone(answer) ? errorTable[failsAs].exit : 0;

const isNone = (answer: object): boolean =>
  ("ok" in answer && answer.ok === false) || ("valid" in answer && answer.valid === false);

/** `-` as the rest of the line reads standard input; the broker's URL may come from the environment; paths are made absolute. */
async function withDefaults(verb: Verb, typed: Input, { host }: Session): Promise<Input> {
  const input: Record<string, unknown> = { ...typed };
  const rest = verb.args.find((arg) => arg.rest)?.field;
  if (rest !== undefined && input[rest] === "-") {
    input[rest] = await readStdin(host.stdin, rest, host.signal);
  }
  for (const field of verb.here ?? []) {
    const given = input[field] ?? verb.fields.find(({ name }) => name === field)?.default;
    if (typeof given === "string") input[field] = resolve(given);
  }
  return input;
}

type Answer = OpenOutput<EdgeOpName>;

/** How long one question of a live verb waits for something new. */
const liveWait = "30s";

/** Goes on where the answer ended, and prints what comes, until the verb is stopped. */
async function follow(
  { does: { op } }: OperationVerb,
  device: Device,
  first: { readonly input: Input; readonly answer: Answer },
  session: Session,
): Promise<void> {
  const { signal } = session.host;
  let after = (first.answer as { seq?: number }).seq ?? 0;
  while (!signal.aborted) {
    const input = { ...first.input, after, wait: liveWait };
    const asked = patiently(session, () => device.call(op, input as never));
    const answer = (await untilStopped(asked, device, signal)) as Answer & {
      readonly seq: number;
      readonly items: readonly unknown[];
    };
    after = answer.seq;
    if (answer.items.length > 0) await printAnswer(op, answer, input, session);
  }
}

async function printAnswer(
  op: EdgeOpName,
  answer: Answer,
  input: Input,
  session: Session,
): Promise<void> {
  const { globals, host, terminal } = session;
  if (session.machine) {
    const record = answer as unknown as Record<string, unknown>;
    const shown = globals.project ? project(record, globals.project) : record;
    return session.print(globals.stream ? jsonStream(shown) : jsonLine(shown));
  }
  const printer = await printerOf(op);
  const { lines, alerts, notes } = printer(answer as never, {
    terminal,
    now: host.now(),
    call: host.call,
    input,
  });
  await session.print(`${lines.join("\n")}\n`);
  for (const line of alerts ?? []) host.stderr.write(`${line}\n`);
  for (const line of notes ?? []) session.note(line);
}

/** Settles with `work`; at Ctrl-C the device is closed, which ends it, and what it then says of itself counts. */
async function untilStopped<T>(work: Promise<T>, device: Device, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () =>
    void device.close().then(() => reject(new MeshError("cancelled", "stopped")), reject);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
