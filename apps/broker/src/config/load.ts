import { MeshError } from "@claudemesh/protocol";
import { readFlags } from "./flags.ts";
import { secretVariables } from "./secrets.ts";
import { type BrokerConfig, type SettingName, settingNames, settings } from "./settings.ts";

export interface ConfigSources {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** flags as they stand on the command line: `--port 7900`, `--port=7900` */
  readonly args?: readonly string[];
  /** what holds where nothing is given, in place of the table's defaults */
  readonly defaults?: Partial<BrokerConfig>;
  /** values that win over flags and environment */
  readonly overrides?: Partial<BrokerConfig>;
  readonly warn?: (message: string) => void;
}

/** Variables of that prefix that are the device's or the command line's. */
const othersVariables = ["HOME", "BROKER", "DAEMON", "DEV", "LOCALE"].map(
  (name) => `CLAUDEMESH_${name}`,
);

/** Reads the configuration once: overrides before flags before environment before defaults. Throws `malformed` naming the flag or variable. */
export function loadConfig(sources: ConfigSources = {}): BrokerConfig {
  const { env = {}, args = [], defaults = {}, overrides = {}, warn = () => {} } = sources;
  warnOfUnknown(env, warn);
  const flags = readFlags(args).settings;
  const resolve = (name: SettingName): unknown => {
    if (overrides[name] !== undefined) return overrides[name];
    const row = settings[name];
    const flag = flags.get(name);
    if (flag !== undefined) return read(name, flag, row.flag);
    const variable = env[row.env];
    // A compose file's ${NAME:-} gives an empty variable; it is a value only where nothing is one.
    const isGiven = variable !== "" || row.type.schema.safeParse("").success;
    if (variable !== undefined && isGiven) return read(name, variable, row.env);
    return defaults[name] ?? row.default;
  };
  const entries = settingNames.map((name) => [name, resolve(name)]);
  const config = Object.freeze(Object.fromEntries(entries)) as BrokerConfig;
  refuseContradictions(config);
  return config;
}

/** Reads a setting's text as it came from the flag or variable `spelled`. */
function read(name: SettingName, text: string, spelled: string): unknown {
  const result = settings[name].type.schema.safeParse(text);
  if (result.success) return result.data;
  const message = result.error.issues[0]?.message ?? "not valid";
  throw new MeshError("malformed", `${spelled}: ${message}`, { detail: { field: spelled } });
}

function warnOfUnknown(env: NonNullable<ConfigSources["env"]>, warn: (message: string) => void) {
  const own = settingNames.map((name) => settings[name].env);
  const known = new Set([...othersVariables, ...secretVariables, ...own]);
  for (const name of Object.keys(env)) {
    if (name.startsWith("CLAUDEMESH_") && !known.has(name)) {
      warn(`${name} is not a setting of the broker and has no effect`);
    }
  }
}

function refuseContradictions(config: BrokerConfig): void {
  const below = (low: SettingName, high: SettingName) => {
    if (config[low] >= config[high]) {
      throw new MeshError(
        "malformed",
        `${settings[low].flag} must be below ${settings[high].flag}`,
      );
    }
  };
  below("pingMs", "deadPeerMs");
  below("directTtlMs", "idempotencyTtlMs");
  below("sharedTtlMs", "idempotencyTtlMs");
  if (config.anonymousPerAddress > config.connections) {
    throw new MeshError("malformed", "--anonymous-per-address must not be above --connections");
  }
  if ((config.tlsCert === "") !== (config.tlsKey === "")) {
    throw new MeshError("malformed", "--tls-cert and --tls-key are given together or not at all");
  }
}
