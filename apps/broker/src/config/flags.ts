import { MeshError } from "@claudemesh/protocol";
import { type SecretName, secretSettings } from "./secret-settings.ts";
import { type SettingName, settingNames, settings } from "./settings.ts";

/** What a command line gives, as it was typed. */
export interface Flags {
  readonly settings: ReadonlyMap<SettingName, string>;
  /** paths of the files that hold secrets */
  readonly secretFiles: ReadonlyMap<SecretName, string>;
}

const secretNames = Object.keys(secretSettings) as readonly SecretName[];

/** Reads `--port 7900` and `--port=7900`. Throws `malformed` for what is no setting, without its value, which may be a secret. */
export function readFlags(args: readonly string[]): Flags {
  const given = { settings: new Map<SettingName, string>(), secretFiles: new Map() };
  const words = [...args];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const equals = word.indexOf("=");
    const spelled = equals < 0 ? word : word.slice(0, equals);
    const setting = settingNames.find((known) => settings[known].flag === spelled);
    const secret = secretNames.find((known) => secretSettings[known].flag === spelled);
    if (setting === undefined && secret === undefined) throw unknown(spelled);
    const isSwitch = setting !== undefined && settings[setting].type.name === "true or false";
    const alone = () => (isSwitch ? "true" : words.shift());
    const value = equals < 0 ? alone() : word.slice(equals + 1);
    if (value === undefined) throw new MeshError("malformed", `${spelled} needs a value`);
    if (setting !== undefined) given.settings.set(setting, value);
    if (secret !== undefined) given.secretFiles.set(secret, value);
  }
  return given;
}

function unknown(spelled: string): MeshError {
  const file = secretNames.find((name) => secretSettings[name].flag === `${spelled}-file`);
  if (file === undefined) {
    return new MeshError("malformed", `${spelled.slice(0, 60)} is not a setting of the broker`);
  }
  const { env, flag } = secretSettings[file];
  return new MeshError("malformed", `${spelled} would show a secret to who lists processes`, {
    hint: `put it into a file of your own: ${flag} <path>, or ${env}`,
  });
}
