export { type ConfigSources, loadConfig } from "./config/load.ts";
export { type BrokerConfig, settingNames, settings } from "./config/settings.ts";
export { type Broker, type BrokerOverrides, createBroker } from "./context.ts";
export { createLogger, type Logger } from "./logger.ts";
export type { Timer } from "./timer.ts";
