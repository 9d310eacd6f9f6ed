import { join } from "node:path";
import { nameOf } from "@claudemesh/local-link/light";
import type { Host } from "../../host.ts";
import { daemonOf } from "./daemon-of.ts";

/** What has a daemon started at login: the file that says so, and the commands that make it count and take it back. */
export interface Service {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly enable: readonly (readonly [string, ...string[]])[];
  readonly disable: readonly (readonly [string, ...string[]])[];
}

/** The service of this home, for the service manager of this system. */
export function serviceOf(host: Host): Service {
  const isUsual = host.home === host.program.defaultHome;
  const name = isUsual ? "claudemesh" : `claudemesh-${nameOf(host.home).slice(0, 8)}`;
  if (host.platform === "darwin") return launchdAgent(host, name);
  return host.platform === "win32" ? scheduledTask(host, name) : systemdUnit(host, name);
}

function systemdUnit(host: Host, name: string): Service {
  const config = host.env.XDG_CONFIG_HOME?.startsWith("/")
    ? host.env.XDG_CONFIG_HOME
    : join(host.userFolder, ".config");
  const unit = `${name}.service`;
  const systemctl = (...args: string[]): [string, ...string[]] => ["systemctl", "--user", ...args];
  return {
    name: unit,
    path: join(config, "systemd", "user", unit),
    text: [
      "[Unit]",
      `Description=claudemesh daemon of ${host.home.replaceAll("%", "%%")}`,
      "",
      "[Service]",
      `ExecStart=${daemonOf(host).command.map(quoted).join(" ")}`,
      "Restart=on-failure",
      "RestartSec=5",
      "",
      "[Install]",
      "WantedBy=default.target",
      "",
    ].join("\n"),
    enable: [systemctl("daemon-reload"), systemctl("enable", "--now", unit)],
    disable: [systemctl("disable", "--now", unit)],
  };
}

/** One word of a command line in a unit: quotes, and its specifiers and variables taken literally (systemd.service(5)). */
const quoted = (word: string): string =>
  `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;

function launchdAgent(host: Host, name: string): Service {
  const label = `dev.claudemesh.${name}`;
  const path = join(host.userFolder, "Library", "LaunchAgents", `${label}.plist`);
  const words = daemonOf(host).command.map((word) => `    <string>${escaped(word)}</string>`);
  return {
    name: label,
    path,
    text: [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
      '<plist version="1.0">',
      "<dict>",
      "  <key>Label</key>",
      `  <string>${label}</string>`,
      "  <key>ProgramArguments</key>",
      "  <array>",
      ...words,
      "  </array>",
      "  <key>RunAtLoad</key>",
      "  <true/>",
      "  <key>KeepAlive</key>",
      "  <dict>",
      "    <key>SuccessfulExit</key>",
      "    <false/>",
      "  </dict>",
      "</dict>",
      "</plist>",
      "",
    ].join("\n"),
    enable: [["launchctl", "load", "-w", path]],
    disable: [["launchctl", "unload", "-w", path]],
  };
}

function scheduledTask(host: Host, name: string): Service {
  const path = join(host.home, `${name}.xml`);
  const [program, ...args] = daemonOf(host).command;
  const line = args.map((word) => `"${word}"`).join(" ");
  return {
    name,
    path,
    text: [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
      "  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>",
      "  <Settings><ExecutionTimeLimit>PT0S</ExecutionTimeLimit></Settings>",
      "  <Actions>",
      `    <Exec><Command>${escaped(program)}</Command><Arguments>${escaped(line)}</Arguments></Exec>`,
      "  </Actions>",
      "</Task>",
      "",
    ].join("\r\n"),
    enable: [["schtasks", "/Create", "/TN", name, "/XML", path, "/F"]],
    disable: [["schtasks", "/Delete", "/TN", name, "/F"]],
  };
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
