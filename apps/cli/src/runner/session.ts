import { SCHEMA_VERSION } from "@claudemesh/protocol/light";
import type { Host } from "../host.ts";
import type { LocalContext } from "../local/run.ts";
import { jsonLine } from "../render/json.ts";
import { write } from "../terminal/output.ts";
import { type Terminal, terminalOf } from "../terminal/terminal.ts";
import type { Globals } from "./globals.ts";

/** One run of the program: where its words go. */
export class Session implements LocalContext {
  readonly host: Host;
  readonly globals: Globals;
  readonly terminal: Terminal;
  readonly passedOn: readonly string[];
  #readerGone = false;

  constructor(host: Host, globals: Globals, passedOn: readonly string[] = []) {
    this.host = host;
    this.passedOn = passedOn;
    this.globals = globals;
    this.terminal = terminalOf(host, host.stdout, globals.color);
  }

  /** Whether the answer is for a program. */
  get machine(): boolean {
    return this.globals.json || this.globals.stream;
  }

  /** False once nobody reads the answer any more; what was written since is lost. */
  get wasRead(): boolean {
    return !this.#readerGone;
  }

  readonly print = async (text: string): Promise<void> => {
    if (!(await write(this.host.stdout, text))) this.#readerGone = true;
  };

  readonly note = (text: string): void => {
    if (!this.globals.quiet && !this.machine) this.host.stderr.write(`${text}\n`);
  };

  /** Says what was chosen automatically, where `--verbose` asks for it. */
  detail(text: string): void {
    if (this.globals.verbose) this.note(text);
  }

  printVersion(): Promise<void> {
    const { version } = this.host;
    return this.print(this.globals.json ? jsonLine({ version }) : `claudemesh ${version}\n`);
  }

  printSchemaVersion(): Promise<void> {
    return this.print(this.globals.json ? jsonLine({}) : `${SCHEMA_VERSION}\n`);
  }
}
