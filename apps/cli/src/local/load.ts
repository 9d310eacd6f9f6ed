import type { LocalName } from "../runner/verb.ts";
import type { LocalRun } from "./run.ts";

/** What runs each local verb, loaded when it is asked for. */
const modules: { readonly [N in LocalName]: () => Promise<{ readonly run: LocalRun }> } = {
  "audit-check": () => import("./audit/check.ts"),
  "audit-export": () => import("./audit/export.ts"),
  backup: () => import("./backup/backup.ts"),
  "broker-backup": () => import("./broker/backup.ts"),
  "broker-check": () => import("./broker/check.ts"),
  "broker-erase": () => import("./broker/erase.ts"),
  "broker-export": () => import("./broker/export.ts"),
  "broker-migrate": () => import("./broker/migrate.ts"),
  "broker-migrate-store": () => import("./broker/migrate-store.ts"),
  "broker-restore": () => import("./broker/restore.ts"),
  "broker-start": () => import("./broker-start.ts"),
  "broker-vacuum": () => import("./broker/vacuum.ts"),
  "daemon-install-service": () => import("./daemon/install-service.ts"),
  "daemon-logs": () => import("./daemon/logs.ts"),
  "daemon-restart": () => import("./daemon/restart.ts"),
  "daemon-run": () => import("./daemon/run.ts"),
  "daemon-start": () => import("./daemon/start.ts"),
  "daemon-status": () => import("./daemon/status.ts"),
  "daemon-stop": () => import("./daemon/stop.ts"),
  "daemon-uninstall-service": () => import("./daemon/uninstall-service.ts"),
  "device-link": () => import("./device/link.ts"),
  doctor: () => import("./doctor/doctor.ts"),
  help: () => import("./help.ts"),
  hook: () => import("./agent-side/hook.ts"),
  install: () => import("./agent/install.ts"),
  launch: () => import("./agent/launch.ts"),
  mcp: () => import("./agent-side/mcp.ts"),
  restore: () => import("./backup/restore.ts"),
  "status-line": () => import("./agent-side/status-line.ts"),
  "skill-publish": () => import("./skill/publish.ts"),
  "stream-subscribe": () => import("./stream/subscribe.ts"),
  uninstall: () => import("./agent/uninstall.ts"),
  up: () => import("./up.ts"),
  "vault-set": () => import("./vault/set.ts"),
  whoami: () => import("./whoami.ts"),
};

/** Loads what runs a local verb. */
export const loadLocal = async (name: LocalName): Promise<LocalRun> => (await modules[name]()).run;
