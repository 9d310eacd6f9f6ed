export interface OfflineWrite {
  readonly what: "set" | "compare" | "delete" | "claim" | "complete" | string;
  readonly key: string;
  readonly value: string;
}

interface Value {
  readonly value: string;
  readonly by: string;
  /** the broker's number for it, once somebody has read it */
  version: number;
}

interface Waiting extends OfflineWrite {
  /** what the writer knew under that key */
  readonly seen: Value | undefined;
}

type Told = "refused" | "replaced";

/** What keys and one task must be after members have come back one after the other: the rule, without a broker. */
export class RecordOracle {
  readonly #state = new Map<string, Value>();
  readonly #known: ReadonlyMap<string, Map<string, Value>>;
  readonly #waiting: ReadonlyMap<string, Waiting[]>;
  readonly #told: ReadonlyMap<string, Told[]>;
  #task: { status: string; by?: string; result?: string } = { status: "open" };

  constructor(names: readonly string[]) {
    this.#known = new Map(names.map((name) => [name, new Map()]));
    this.#waiting = new Map(names.map((name) => [name, []]));
    this.#told = new Map(names.map((name) => [name, []]));
  }

  everyoneReads(): void {
    for (const name of this.#known.keys()) this.#reads(name);
  }

  versionSeen(name: string, key: string): number {
    return this.#known.get(name)?.get(key)?.version ?? 0;
  }

  write(name: string, write: OfflineWrite): void {
    this.#waiting.get(name)?.push({ ...write, seen: this.#known.get(name)?.get(write.key) });
  }

  /** Its writes arrive in their order; `versions` are what the broker then says of the keys. */
  comesBack(name: string, versions: ReadonlyMap<string, number>): void {
    const told = this.#told.get(name) ?? [];
    for (const write of this.#waiting.get(name)?.splice(0) ?? []) {
      const what = this.#take(name, write);
      if (what !== undefined) told.push(what);
    }
    for (const [key, value] of this.#state) value.version = versions.get(key) ?? 0;
    this.#reads(name);
  }

  standing() {
    const { by, result, status } = this.#task;
    const task = [status, by, result].filter((one) => one !== undefined).join(" ");
    const state = Object.fromEntries([...this.#state].map(([key, { value }]) => [key, value]));
    return { state, tasks: { t: task } };
  }

  takeTold(name: string): Told[] {
    return this.#told.get(name)?.splice(0) ?? [];
  }

  #reads(name: string): void {
    const known = this.#known.get(name);
    known?.clear();
    for (const [key, value] of this.#state) known?.set(key, value);
  }

  #take(by: string, { key, seen, value, what }: Waiting): Told | undefined {
    const now = this.#state.get(key);
    switch (what) {
      case "compare":
      case "set":
        if (what === "compare" && now !== seen) return "refused";
        this.#state.set(key, { value, by, version: 0 });
        return now === undefined || now === seen || now.by === by ? undefined : "replaced";
      case "delete":
        if (now === undefined) return "refused";
        this.#state.delete(key);
        return undefined;
      case "claim":
        if (this.#task.status !== "open") return "refused";
        this.#task = { status: "claimed", by };
        return undefined;
      default:
        if (this.#task.status !== "claimed" || this.#task.by !== by) return "refused";
        this.#task = { status: "completed", by, result: value };
        return undefined;
    }
  }
}
