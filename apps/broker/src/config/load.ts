import { MeshError } from "@claudemesh/protocol";
import { secretVariables } from "./secrets.ts";
import { type BrokerConfig, type SettingName, settingNames, settings } from "./settings.ts";

export interface ConfigSources {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** flags as they stand on the command line: `--port 7900`, `--port=7900` */
  readonly args?: readonly string[];
  /** values that win over both */
  readonly overrides?: Partial<BrokerConfig>;
  readonly warn?: (message: string) => void;
}

/** Variables of that prefix that are the device's or the command line's. */
const othersVariables = ["HOME", "BROKER", "DAEMON", "DEV", "LOCALE"].map(
  (name) => `CLAUDEMESH_${name}`,
);

/** Reads the configuration once: overrides before flags before environment before defaults. Throws `malformed` naming the setting. */
export function loadConfig(sources: ConfigSources = {}): BrokerConfig {
  const { env = {}, args = [], overrides = {}, warn = () => {} } = sources;
  warnOfUnknown(env, warn);
  const flags = readFlags(args);
  const resolve = (name: SettingName): unknown => {
    if (overrides[name] !== undefined) return overrides[name];
    const row = settings[name];
    const flag = flags.get(name);
    if (flag !== undefined) return read(name, flag, row.flag);
    const variable = env[row.env];
    if (variable !== undefined) return read(name, variable, row.env);
    return row.default;
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

function readFlags(args: readonly string[]): ReadonlyMap<SettingName, string> {
  const flags = new Map<SettingName, string>();
  const words = [...args];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const equals = word.indexOf("=");
    const spelled = equals < 0 ? word : word.slice(0, equals);
    const name = settingNames.find((known) => settings[known].flag === spelled);
    if (name === undefined) {
      throw new MeshError("malformed", `${word.slice(0, 60)} is not a setting of the broker`);
    }
    const bare = settings[name].type.name === "true or false" && equals < 0;
    const value = equals < 0 ? (bare ? "true" : words.shift()) : word.slice(equals + 1);
    if (value === undefined) throw new MeshError("malformed", `${spelled} needs a value`);
    flags.set(name, value);
  }
  return flags;
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
