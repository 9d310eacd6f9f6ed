export { type ConfigSources, loadConfig } from "./config/load.ts";
export { secretSettings } from "./config/secret-settings.ts";
export { type BrokerSecrets, loadSecrets } from "./config/secrets.ts";
export { settingGroups } from "./config/setting.ts";
export { type BrokerConfig, settingNames, settings } from "./config/settings.ts";
export { type Broker, type BrokerOverrides, createBroker } from "./context.ts";
export { sweepSooner } from "./lean-heap.ts";
export { createLogger, type Logger } from "./logger.ts";
export type { Timer } from "./timer.ts";
